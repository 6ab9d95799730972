#include "service/engine/ballot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/contract/contract.h"

namespace mom {
namespace {

using ::testing::ElementsAre;

// Candidates of an answer each; an empty one is still under way.
std::vector<Candidate> Answering(const std::vector<std::string>& texts) {
  Contract contract;
  contract.kind = ContractKind::kClosedNumber;
  std::vector<Candidate> candidates;
  for (const std::string& text : texts) {
    Candidate candidate = CandidateUnderWay("m" + std::to_string(candidates.size()));
    if (!text.empty()) {
      candidate.state = CandidateState::kSucceeded;
      candidate.grade = Grade::kUsable;
      candidate.completion.text = text;
      HoldToContract(contract, candidate);
    }
    candidates.push_back(candidate);
  }
  return candidates;
}

int Missing(const std::vector<std::string>& texts, int left, int enough = 0) {
  const std::vector<Candidate> candidates = Answering(texts);
  return Ballot(ContractKind::kClosedNumber, candidates).Missing(left, enough);
}

TEST(Ballot, CountsWhatIsTheSameHoweverItIsWritten) {
  const auto candidates = Answering({"41", "**42**", "The answer is 42.0", "no idea", ""});
  const Ballot ballot(ContractKind::kClosedNumber, candidates);
  EXPECT_EQ(ballot.votes(), 3);
  EXPECT_EQ(ballot.lead(), 1);
  ASSERT_EQ(ballot.groups().size(), 2u);
  EXPECT_THAT(ballot.groups()[0].voters, ElementsAre(&candidates[1], &candidates[2]));
}

TEST(Ballot, TheBestOfAGroupIsTheOneThatIsNothingButTheAnswer) {
  const auto candidates = Answering({"I think that it is 42.", "42"});
  const Ballot ballot(ContractKind::kClosedNumber, candidates);
  EXPECT_EQ(&ballot.groups()[0].best(), &candidates[1]);
}

TEST(Ballot, BetweenEqualNumbersOfVotesTheBetterThenTheFirstLeads) {
  const auto better = Answering({"I think that it is 41.", "42"});
  EXPECT_EQ(Ballot(ContractKind::kClosedNumber, better).groups()[0].answer, "42");
  const auto equal = Answering({"41", "42"});
  EXPECT_EQ(Ballot(ContractKind::kClosedNumber, equal).groups()[0].answer, "41");
}

TEST(Ballot, IsSettledOnceTheRestCouldNotChangeIt) {
  EXPECT_EQ(Missing({"1", "1", ""}, 1), 0);
  EXPECT_EQ(Missing({"1", "1", ""}, 2), 1) << "the rest could draw level";
  EXPECT_EQ(Missing({"1", "1", "1"}, 2), 0);
  EXPECT_EQ(Missing({"1", "1", "2"}, 1), 1);
  EXPECT_EQ(Missing({"1", "2"}, 0), 0) << "nobody is left";
}

TEST(Ballot, MissesWhatWouldSettleItAtBest) {
  EXPECT_EQ(Missing({}, 3), 2);
  EXPECT_EQ(Missing({}, 5), 3);
  EXPECT_EQ(Missing({}, 7), 4);
  EXPECT_EQ(Missing({"1", "2"}, 3), 2);
  EXPECT_EQ(Missing({"1", "1", "2"}, 2), 1);
}

TEST(Ballot, ALeadCanBeEnough) {
  EXPECT_EQ(Missing({}, 7, 2), 2);
  EXPECT_EQ(Missing({"1", "1"}, 5, 2), 0);
  EXPECT_EQ(Missing({"1", "2"}, 5, 2), 2);
  EXPECT_EQ(Missing({"1", "2", "2"}, 4, 2), 1);
}

}  // namespace
}  // namespace mom
