// Several calls on one HTTP/2 connection, by a client that shares it.
#include <curl/curl.h>
#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "service/base/deadline.h"
#include "tests/testing/emulator/emulator.h"
#include "tests/testing/raw_http_client.h"

namespace mom::testing {
namespace {

using Kind = ScriptedFault::Kind;
using ::testing::EndsWith;
using ::testing::HasSubstr;

// A streamed call.
class Call {
 public:
  Call(CURLM* multi, const std::string& base_url, const std::string& ca_file,
       const std::string& model)
      : multi_(multi), question_(ChatBody(model, true)), easy_(curl_easy_init()) {
    curl_easy_setopt(easy_, CURLOPT_URL, (base_url + "/chat/completions").c_str());
    curl_easy_setopt(easy_, CURLOPT_CAINFO, ca_file.c_str());
    curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    curl_easy_setopt(easy_, CURLOPT_PIPEWAIT, 1L);
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, question_.c_str());
    curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &OnBody);
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
    curl_multi_add_handle(multi_, easy_);
  }
  ~Call() {
    curl_multi_remove_handle(multi_, easy_);
    curl_easy_cleanup(easy_);
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  std::string body;
  bool over = false;
  CURLcode result = CURLE_OK;

 private:
  static std::size_t OnBody(char* data, std::size_t, std::size_t size, void* self) {
    static_cast<Call*>(self)->body.append(data, size);
    return size;
  }

  CURLM* const multi_;
  const std::string question_;
  CURL* const easy_;
};

class EmulatorHttp2Test : public ::testing::Test {
 protected:
  EmulatorHttp2Test()
      : ca_file_(::testing::TempDir() + "mom_http2_ca_" + std::to_string(getpid())),
        emulator_(Script(), EmulatorOptions{.ca_file = ca_file_}),
        multi_(curl_multi_init(), &curl_multi_cleanup) {}
  ~EmulatorHttp2Test() override { std::filesystem::remove(ca_file_); }

  std::unique_ptr<Call> Start(const std::string& model) {
    return std::make_unique<Call>(multi_.get(), emulator_.base_url(Certificate::kGood), ca_file_,
                                  model);
  }

  // Lets the calls go on until `condition` holds; that it does not within 30 s is a failed test.
  void RunUntil(const std::function<bool()>& condition) {
    const Deadline deadline = Deadline::After(std::chrono::seconds(30));
    while (!condition()) {
      ASSERT_FALSE(deadline.Passed());
      int ignored = 0;
      curl_multi_poll(multi_.get(), nullptr, 0, 1000, nullptr);
      curl_multi_perform(multi_.get(), &ignored);
      while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &ignored)) {
        Call* call = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
        call->over = true;
        call->result = message->data.result;
      }
    }
  }

  const std::string ca_file_;
  Emulator emulator_;
  const std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi_;
};

TEST_F(EmulatorHttp2Test, AStalledCallHoldsUpNoOther) {
  emulator_.SetScript(
      Script()
          .Add("stalls", {.text = "1 2 3", .fault = {.kind = Kind::kStall, .after_tokens = 1}})
          .Add("talks", {.text = "4 5 6"}));
  const auto stalled = Start("stalls");
  RunUntil([&] { return stalled->body.find("\"1\"") != std::string::npos; });
  const auto other = Start("talks");
  RunUntil([&] { return other->over; });
  EXPECT_EQ(other->result, CURLE_OK);
  EXPECT_THAT(other->body, EndsWith("data: [DONE]\n\n"));
  EXPECT_FALSE(stalled->over);
  EXPECT_EQ(emulator_.state().connections, 1u);
}

TEST_F(EmulatorHttp2Test, AResetEndsItsCallOnly) {
  emulator_.SetScript(
      Script()
          .Add("waits", {.text = "1 2 3", .gates = {{.name = "g", .token = 1}}})
          .Add("breaks", {.text = "4 5", .fault = {.kind = Kind::kReset, .after_tokens = 1}}));
  const auto waiting = Start("waits");
  RunUntil([&] { return waiting->body.find("\"1\"") != std::string::npos; });
  const auto broken = Start("breaks");
  RunUntil([&] { return broken->over; });
  EXPECT_EQ(broken->result, CURLE_HTTP2_STREAM);
  emulator_.Open("g");
  RunUntil([&] { return waiting->over; });
  EXPECT_EQ(waiting->result, CURLE_OK);
  EXPECT_THAT(waiting->body, HasSubstr("\" 3\""));
  EXPECT_EQ(emulator_.state().connections, 1u);
}

// The calls before it end well; the one that it does not cover may be sent again elsewhere.
TEST_F(EmulatorHttp2Test, AGoAwayEndsTheConnectionWithItsLastCall) {
  emulator_.SetScript(Script()
                          .Add("waits", {.text = "1 2 3", .gates = {{.name = "g", .token = 1}}})
                          .Add("late", {.text = "4 5", .fault = {.kind = Kind::kGoAway}})
                          .Add("late", {.text = "6 7"}));
  const auto waiting = Start("waits");
  RunUntil([&] { return waiting->body.find("\"1\"") != std::string::npos; });
  const auto late = Start("late");
  RunUntil([&] { return late->over; });
  EXPECT_EQ(late->result, CURLE_OK);
  EXPECT_THAT(late->body, HasSubstr("\" 7\""));
  EXPECT_EQ(emulator_.state().open_connections, 2);
  emulator_.Open("g");
  RunUntil([&] { return waiting->over; });
  EXPECT_EQ(waiting->result, CURLE_OK);
  EXPECT_THAT(waiting->body, HasSubstr("\" 3\""));
  EXPECT_TRUE(emulator_.WaitUntil([](const auto& state) { return state.open_connections == 1; }));
}

}  // namespace
}  // namespace mom::testing
