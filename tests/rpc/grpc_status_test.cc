#include "service/rpc/grpc_status.h"

#include <gtest/gtest.h>

#include <optional>

#include "google/rpc/error_details.pb.h"
#include "service/base/reasons.h"
#include "service/base/utf8.h"

namespace mom {
namespace {

TEST(GrpcStatus, OkHasNoDetails) {
  EXPECT_TRUE(ToGrpcStatus(Status()).ok());
  EXPECT_EQ(ToGrpcStatus(Status()).error_details(), "");
}

TEST(GrpcStatus, EveryCodeKeepsItsNumber) {
  for (int code = 1; code <= 16; ++code) {
    const Status status = MakeError(static_cast<StatusCode>(code), "x", "REASON");
    EXPECT_EQ(static_cast<int>(ToGrpcStatus(status).error_code()), code);
    EXPECT_EQ(ToRpcStatus(status).code(), code);
  }
}

TEST(GrpcStatus, LongAndBrokenTextIsCutToValidUtf8) {
  std::string text = "a";
  while (text.size() < 5000) text += "\xe2\x82\xac";  // 3 bytes each: the cut falls into one
  text.insert(10, "\xff");
  const grpc::Status status = ToGrpcStatus(MakeError(StatusCode::kInternal, text, "REASON"));
  EXPECT_LE(status.error_message().size(), 1100u);
  EXPECT_GE(status.error_message().size(), 1000u);
  EXPECT_TRUE(IsValidUtf8(status.error_message()));
}

// In milliseconds; nullopt: the status does not tell to wait.
std::optional<std::int64_t> RetryDelayOf(const ErrorInfo& info) {
  const google::rpc::Status status = ToRpcStatus(MakeError(StatusCode::kUnavailable, "x", info));
  for (const auto& detail : status.details()) {
    google::rpc::RetryInfo retry;
    if (detail.UnpackTo(&retry)) {
      return retry.retry_delay().seconds() * 1000 + retry.retry_delay().nanos() / 1'000'000;
    }
  }
  return std::nullopt;
}

TEST(GrpcStatus, AProviderThatAsksToSlowDownAlwaysGivesADelay) {
  ErrorInfo info;
  info.reason = reason::kUpstreamRateLimited;
  EXPECT_EQ(RetryDelayOf(info), 3000);
  info.retry_after = std::chrono::milliseconds(1500);
  EXPECT_EQ(RetryDelayOf(info), 1500);
  info.reason = reason::kUpstreamOverloaded;
  EXPECT_EQ(RetryDelayOf(info), 1500);
  info.retry_after.reset();
  EXPECT_EQ(RetryDelayOf(info), std::nullopt);
}

TEST(GrpcStatus, MetadataStaysWithinATrailer) {
  ErrorInfo info;
  info.reason = "ALL_MEMBERS_FAILED";
  for (int i = 0; i < 1000; ++i) info.metadata["member_" + std::to_string(i)] = "TIMEOUT";
  info.metadata["a_long_one"] = std::string(10'000, 'x');
  const grpc::Status status = ToGrpcStatus(MakeError(StatusCode::kUnavailable, "x", info));
  EXPECT_LT(status.error_details().size(), 6000u);
  google::rpc::Status rpc;
  google::rpc::ErrorInfo detail;
  ASSERT_TRUE(rpc.ParseFromString(status.error_details()));
  ASSERT_TRUE(rpc.details(0).UnpackTo(&detail));
  EXPECT_EQ(detail.reason(), "ALL_MEMBERS_FAILED");
  EXPECT_GT(detail.metadata_size(), 10);
}

}  // namespace
}  // namespace mom
