// The HTTP client against the provider emulator over TLS.
#ifndef MOM_TESTS_NET_EMULATOR_HTTP_TEST_H_
#define MOM_TESTS_NET_EMULATOR_HTTP_TEST_H_

#include <string>
#include <utility>

#include "tests/net/http_test.h"
#include "tests/testing/emulator/emulator.h"
#include "tests/testing/temporary_folder.h"

namespace mom::testing {

// Of each request: what the client was told, and the text of the answer.
struct Told {
  Status status;
  int http_status = 0;
  std::string body;
};

class EmulatorHttpTest : public HttpTest {
 protected:
  EmulatorHttpTest() : ca_file_(folder_ / "ca.pem"), emulator_(Script(), Options(ca_file_)) {}

  // A streamed question to the model "a".
  HttpRequest Question(const std::string& base_url) const {
    HttpRequest request =
        Post(base_url + "/chat/completions",
             R"({"model":"a","stream":true,"messages":[{"role":"user","content":"hi"}]})");
    request.headers.emplace_back("Authorization", "Bearer sk-secret");
    request.ca_file = ca_file_;
    return request;
  }
  HttpRequest Http2Question() const {
    HttpRequest request = Question(emulator_.base_url(Certificate::kGood));
    request.http2 = true;
    return request;
  }

  asio::awaitable<Told> Ask(HttpRequest request) {
    Told told;
    auto response = co_await client_.Send(std::move(request), Deadline::Never());
    told.status = response.status();
    if (!response.ok()) co_return told;
    told.http_status = response->status;
    WholeBody whole = co_await ReadAll(*response->body);
    told.status = whole.status;
    told.body = std::move(whole.bytes);
    co_return told;
  }

  // Asks and waits.
  Told AskAlone(HttpRequest request) {
    Told told;
    auto test = [&]() -> asio::awaitable<void> { told = co_await Ask(std::move(request)); };
    Drive(test);
    return told;
  }

  const TemporaryFolder folder_;  // for the authority's certificate
  const std::string ca_file_;
  Emulator emulator_;

 private:
  static EmulatorOptions Options(const std::string& ca_file) {
    EmulatorOptions options;
    options.ca_file = ca_file;
    return options;
  }
};

}  // namespace mom::testing

#endif  // MOM_TESTS_NET_EMULATOR_HTTP_TEST_H_
