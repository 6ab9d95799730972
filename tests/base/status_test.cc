#include "service/base/status.h"

#include <gtest/gtest.h>

#include <chrono>

namespace mom {
namespace {

TEST(StatusTest, CarriesItsFactsUnchanged) {
  ErrorInfo info;
  info.reason = "UPSTREAM_ERROR";
  info.field = "messages[2].role";
  info.retry_after = std::chrono::milliseconds(1500);
  info.metadata["model"] = "a=b";
  info.metadata["text"] = "two\nlines, a \\ and \\n";
  info.metadata["reason"] = "not the reason";
  const Status status = MakeError(StatusCode::kUnavailable, "it failed", info);

  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_EQ(MessageOf(status), "it failed");
  const ErrorInfo read = GetErrorInfo(status);
  EXPECT_EQ(read.reason, info.reason);
  EXPECT_EQ(read.field, info.field);
  EXPECT_EQ(read.retry_after, info.retry_after);
  EXPECT_EQ(read.metadata, info.metadata);
}

TEST(StatusTest, HasNoFactsWhereNoneWereGiven) {
  for (const Status& status : {Status(), absl::InternalError("x")}) {
    const ErrorInfo info = GetErrorInfo(status);
    EXPECT_EQ(info.reason, "");
    EXPECT_EQ(info.field, "");
    EXPECT_FALSE(info.retry_after.has_value());
    EXPECT_TRUE(info.metadata.empty());
  }
}

TEST(StatusTest, InvalidFieldNamesTheField) {
  const Status status = InvalidField("n", "must be 1");
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorInfo(status).reason, "INVALID_ARGUMENT");
  EXPECT_EQ(GetErrorInfo(status).field, "n");
  EXPECT_EQ(MessageOf(status), "`n` must be 1.");
  EXPECT_EQ(MessageOf(InvalidField("", "The text is no JSON")), "The text is no JSON.");
}

TEST(StatusTest, FactsCanBeReplaced) {
  const Status status = MakeError(StatusCode::kInternal, "x", "INTERNAL");
  ErrorInfo info = GetErrorInfo(status);
  info.metadata["model"] = "writer";
  const Status other = WithErrorInfo(status, info);
  EXPECT_EQ(GetErrorInfo(other).reason, "INTERNAL");
  EXPECT_EQ(GetErrorInfo(other).metadata.at("model"), "writer");
  EXPECT_TRUE(GetErrorInfo(status).metadata.empty());
}

}  // namespace
}  // namespace mom
