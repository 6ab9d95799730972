// Answers counted as votes.
#ifndef MOM_ENGINE_BALLOT_H_
#define MOM_ENGINE_BALLOT_H_

#include <string>
#include <vector>

#include "service/contract/contract_kind.h"
#include "service/engine/candidate.h"

namespace mom {

// The count of the usable candidates that have an answer to be counted. Of closed kinds of contract
// only (contract_kind.h). Lives no longer than the candidates.
class Ballot {
 public:
  Ballot(ContractKind kind, const std::vector<Candidate>& candidates);

  // Those that answer alike, most votes first; of equals, the one with the better candidate.
  struct Group {
    std::string answer;
    std::vector<const Candidate*> voters;  // in the mixture's order
    int votes() const { return static_cast<int>(voters.size()); }
    // By the contract's score, then by the mixture's order.
    const Candidate& best() const;
  };
  const std::vector<Group>& groups() const { return groups_; }
  int votes() const { return votes_; }
  // By how many votes the first group leads.
  int lead() const;

  // The least number of further votes that could settle it, of `left` that can still come. It is
  // settled (0) where these could not take the lead any more, or where it is as much as
  // `enough`, if that is not 0, or where none are left.
  int Missing(int left, int enough) const;

 private:
  std::vector<Group> groups_;
  int votes_ = 0;
};

}  // namespace mom

#endif  // MOM_ENGINE_BALLOT_H_
