// What a request says where no model answered.
#include <gtest/gtest.h>

#include "service/base/reasons.h"
#include "service/engine/strategy.h"

namespace mom {
namespace {

Candidate Failed(const std::string& model, const char* reason, const std::string& key = "",
                 const std::string& message = "it failed") {
  ErrorInfo info;
  info.reason = reason;
  if (!key.empty()) info.metadata["config_key"] = key;
  Candidate candidate;
  candidate.model = model;
  candidate.state = CandidateState::kFailed;
  candidate.error = MakeError(StatusCode::kUnavailable, message, std::move(info));
  return candidate;
}

TEST(AggregateFailureTest, SaysTheFirstOnesInFullAndWhoElseFailedSo) {
  const std::string key = "providers.p.api_key";
  const Status status = AggregateFailure(
      {Failed("a", reason::kUpstreamAuth, key, "model `a`: the key is wrong; check " + key),
       Failed("b", reason::kUpstreamAuth, key), Failed("c", reason::kUpstreamAuth, key)});
  EXPECT_EQ(MessageOf(status),
            "no model answered: model `a`: the key is wrong; check providers.p.api_key (likewise: "
            "b, c)");
  EXPECT_EQ(GetErrorInfo(status).reason, reason::kAllMembersFailed);
  EXPECT_EQ(GetErrorInfo(status).metadata["member.c"], reason::kUpstreamAuth);
}

TEST(AggregateFailureTest, SaysOtherFailuresInShort) {
  const Status status =
      AggregateFailure({Failed("a", reason::kUpstreamError),
                        Failed("b", reason::kUpstreamConnect, "providers.q.base_url"),
                        Failed("c", reason::kUpstreamError),
                        Failed("d", reason::kUpstreamConnect, "providers.r.base_url"),
                        Failed("e", reason::kEmptyCompletion)});
  EXPECT_EQ(MessageOf(status),
            "no model answered: it failed (likewise: c); b: UPSTREAM_CONNECT, check "
            "providers.q.base_url; d: UPSTREAM_CONNECT, check providers.r.base_url; e: "
            "EMPTY_COMPLETION");
}

TEST(AggregateFailureTest, AFailureThatAllShareKeepsItsReason) {
  const Status status = AggregateFailure(
      {Failed("a", reason::kEmptyCompletion), Failed("b", reason::kEmptyCompletion)});
  EXPECT_EQ(MessageOf(status), "it failed (likewise: b)");
  EXPECT_EQ(GetErrorInfo(status).reason, reason::kEmptyCompletion);
  EXPECT_EQ(GetErrorInfo(status).metadata["member.b"], reason::kEmptyCompletion);
}

TEST(AggregateFailureTest, NamesTheFieldThatAllReject) {
  const auto rejects = [](const std::string& field) {
    Candidate candidate = Failed("a", reason::kUpstreamBadRequest);
    ErrorInfo info = GetErrorInfo(candidate.error);
    info.field = field;
    candidate.error = WithErrorInfo(candidate.error, info);
    return candidate;
  };
  const auto field = [](const std::vector<Candidate>& candidates) {
    return GetErrorInfo(AggregateFailure(candidates)).field;
  };
  EXPECT_EQ(field({rejects("top_p"), rejects("top_p")}), "top_p");
  EXPECT_EQ(field({rejects("top_p"), rejects("stop")}), "");
  EXPECT_EQ(field({rejects("top_p"), rejects("stop"), rejects("stop")}), "");
  EXPECT_EQ(field({rejects(""), rejects("stop")}), "");
}

TEST(AggregateFailureTest, OneMembersIsItsOwn) {
  EXPECT_EQ(MessageOf(AggregateFailure({Failed("a", reason::kUpstreamAuth, "", "why")})), "why");
}

}  // namespace
}  // namespace mom
