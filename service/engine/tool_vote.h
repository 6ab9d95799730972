// What the members of a mixture propose to do next, where a request has tools.
#ifndef MOM_ENGINE_TOOL_VOTE_H_
#define MOM_ENGINE_TOOL_VOTE_H_

#include <string>
#include <string_view>
#include <vector>

#include "service/engine/candidate.h"
#include "service/engine/mixture_config.h"

namespace mom {

// Candidates that propose the same: the same calls, in whatever order and however their arguments
// are written (SignatureOf in service/contract/tool_calls.h), or any words.
struct Side {
  std::vector<const Candidate*> backers;  // in the record's order; at least one
  bool is_words = false;
  bool mutates = false;  // it calls a tool that the mixture's `mutating_tools` names
  // Whether nobody but one member is for a call that changes something.
  bool is_rash() const { return mutates && backers.size() < 2; }
};

// The usable candidates by what they propose. Points into them.
class ToolVote {
 public:
  ToolVote(const std::vector<Candidate>& candidates, const MixtureConfig& mixture);

  // Most backers first; of equals those that are not rash, then by their first backer.
  const std::vector<Side>& sides() const { return sides_; }
  // How many must be for the same: the mixture's quorum of those that have not failed, and at least
  // two, for a vote of one is none.
  int needed() const { return needed_; }
  // The side that needs nobody else's word: one with as many as are needed, or the only one, unless
  // it is rash. Null: there is none.
  const Side* Winner() const;
  // Whether calls have as many as are needed: then nobody is waited for.
  bool IsDecided() const;
  // How many propose calls.
  int callers() const;

 private:
  std::vector<Side> sides_;
  int needed_ = 0;
};

// Whether one of the calls is of a tool that the mixture's `mutating_tools` names.
bool ChangesSomething(const std::vector<ToolCall>& calls, const MixtureConfig& mixture);

// Whether a tool's name is one of the patterns, in which `*` stands for anything; upper and lower
// case are the same.
bool IsOneOf(std::string_view name, const std::vector<std::string>& patterns);

}  // namespace mom

#endif  // MOM_ENGINE_TOOL_VOTE_H_
