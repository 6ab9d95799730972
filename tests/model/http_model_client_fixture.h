// What the tests of HttpModelClient share.
#ifndef MOM_TESTS_MODEL_HTTP_MODEL_CLIENT_FIXTURE_H_
#define MOM_TESTS_MODEL_HTTP_MODEL_CLIENT_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/model/http_model_client.h"
#include "tests/testing/fake_http_client.h"
#include "tests/testing/run.h"

namespace mom::testing {

// Keeps the rows, and checks that each attempt starts before it ends.
class FakeAttemptLog final : public AttemptLog {
 public:
  int Started(const Attempt& attempt) override;
  void Finished(Attempt attempt) override;
  bool capture() const override { return wants_bodies; }

  int started = 0;
  std::vector<Attempt> rows;
  bool wants_bodies = false;
};

inline constexpr char kHel[] =
    R"({"id":"c-1","model":"x-1","choices":[{"delta":{"content":"Hel"}}]})";
inline constexpr char kLo[] = R"({"choices":[{"delta":{"content":"lo"}}]})";
inline constexpr char kStop[] = R"({"choices":[{"delta":{},"finish_reason":"stop"}]})";
inline constexpr char kUsage[] =
    R"({"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":10,)"
    R"("prompt_tokens_details":{"cached_tokens":40}}})";

FakeReply Whole();

class HttpModelClientTest : public ::testing::Test {
 protected:
  HttpModelClientTest();
  ~HttpModelClientTest() override;

  CallContext Context();
  std::unique_ptr<DeltaStream> Stream();
  // Asks, and reads to the end.
  Collected Ask();
  Collected Ask(FakeReply reply);
  // Asks where a failure is expected, and gives what is known of it.
  ErrorInfo Failure(FakeReply reply);
  // The only row. Nothing of its attempt is left.
  const Attempt& Row();
  // Begins to read, runs until nothing more happens, and cancels.
  void AskAndCancel(FakeReply reply);

  ProviderConfig provider_;
  ModelConfig model_;
  std::shared_ptr<const ChatRequest> request_;
  FakeHttpClient http_;
  std::shared_ptr<TargetState> state_ = std::make_shared<TargetState>();
  std::shared_ptr<FakeAttemptLog> log_ = std::make_shared<FakeAttemptLog>();
};

}  // namespace mom::testing

#endif  // MOM_TESTS_MODEL_HTTP_MODEL_CLIENT_FIXTURE_H_
