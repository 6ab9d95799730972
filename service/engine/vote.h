// Strategy `vote`: the answer that most members give.
#ifndef MOM_ENGINE_VOTE_H_
#define MOM_ENGINE_VOTE_H_

#include "service/engine/strategy.h"

namespace mom {

// For closed answers: a number, a letter, yes or no (service/contract/closed_answer.h). Asks only
// as many members as could settle the vote (three at first, or the mixture's quorum), and further
// ones while it is open, one who failed or is late being replaced at once (gather.h). It is settled
// when those that are left could not change it any more, or at a lead of the mixture's quorum (two
// at least), where one is configured. Then the others are cancelled, and the best of those who gave
// that answer goes out byte for byte: by the contract's score, then by the mixture's order. Between
// equal numbers of votes the mixture's judge decides (judge.h), or these two where it has none. For
// JSON (json_vote.h) all members answer, and each field is what most of those that fit have. Where
// nobody votes the best goes out by GiveAnchor() (anchor.h). What cannot be counted is left to
// `select`; a single member is asked as by `single`.
class VoteStrategy final : public Strategy {
 public:
  asio::awaitable<StatusOr<Outcome>> Run(RunContext& context) const override;
  CallPlan Plan(const MixtureConfig& mixture) const override;
};

}  // namespace mom

#endif  // MOM_ENGINE_VOTE_H_
