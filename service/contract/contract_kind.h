// The forms of an answer that MoM knows, and their names.
#ifndef MOM_CONTRACT_CONTRACT_KIND_H_
#define MOM_CONTRACT_CONTRACT_KIND_H_

#include <optional>
#include <string_view>

namespace mom {

enum class ContractKind {
  kNone,           // any visible text will do
  kDiff,           // aider's edit formats; those of its editor are the same
  kDiffFenced,     //
  kUdiff,          // also udiff-simple
  kWhole,          //
  kPatch,          //
  kArchitect,      // aider's plan for its editor: prose
  kCommitMessage,  // aider's: one line
  kSummary,        // aider's, of a conversation: text without code
  kJsonObject,     // response_format
  kClosedNumber,   // the prompt demands a number and nothing else
  kClosedLetter,   // one letter, as of a choice
  kClosedYesNo,    // yes or no, or true or false
};

// Whether answers of this kind can be counted as votes: see service/contract/closed_answer.h.
bool IsClosed(ContractKind kind);

// "diff", "commit_message", "closed-number": for people, for metrics and for the config.
std::string_view NameOf(ContractKind kind);

// The reverse; nullopt: no kind has that name.
std::optional<ContractKind> ContractFromName(std::string_view name);

}  // namespace mom

#endif  // MOM_CONTRACT_CONTRACT_KIND_H_
