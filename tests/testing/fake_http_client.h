// An HTTP client that answers by a script, byte for byte.
#ifndef MOM_TESTS_TESTING_FAKE_HTTP_CLIENT_H_
#define MOM_TESTS_TESTING_FAKE_HTTP_CLIENT_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "service/base/async_event.h"
#include "service/base/reasons.h"
#include "service/base/status.h"
#include "service/net/http_client.h"

namespace mom::testing {

// What a FakeHttpClient does for one request:
//   FakeReply(200).Header("content-type", "text/event-stream").Bytes("data: ").Bytes("x\n\n")
//   FakeReply(200).Bytes("...").Hang()
//   FakeReply::SendFails(status)
// A script that runs out is the proper end of the message.
class FakeReply {
 public:
  explicit FakeReply(int status) : status_(status) {}
  static FakeReply SendFails(Status status) {
    FakeReply reply(0);
    reply.send_error_ = std::move(status);
    return reply;
  }
  // No answer at all.
  static FakeReply SendHangs() { return FakeReply(0); }
  // 200 with an event stream.
  static FakeReply Sse() { return FakeReply(200).Header("content-type", "text/event-stream"); }

  FakeReply& Header(std::string name, std::string value) {
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  // What one Next() gives.
  FakeReply& Bytes(std::string bytes) { return Add(std::move(bytes)); }
  // One event.
  FakeReply& Data(const std::string& data) { return Bytes("data: " + data + "\n\n"); }
  // Goes on when the test sets `gate`, which must outlive the body.
  FakeReply& Wait(AsyncEvent& gate) { return Add(&gate); }
  // Goes on never.
  FakeReply& Hang() { return Add(Never()); }
  // Gives these bytes again and again, one millisecond apart, for ever.
  FakeReply& Drip(std::string bytes) { return Add(Dripping(std::move(bytes))); }
  // The connection breaks.
  FakeReply& Break() {
    return Add(
        MakeError(StatusCode::kUnavailable, "connection lost", reason::kUpstreamConnectionLost));
  }

 private:
  friend class FakeHttpClient;
  struct Never {};
  struct Dripping {
    explicit Dripping(std::string b) : bytes(std::move(b)) {}
    std::string bytes;
  };
  using Step = std::variant<std::string, AsyncEvent*, Status, Never, Dripping>;

  FakeReply& Add(Step step) {
    steps_.push_back(std::move(step));
    return *this;
  }

  int status_;  // 0: no answer
  Status send_error_;
  HttpHeaders headers_;
  std::vector<Step> steps_;
};

// Gives one FakeReply a request, in order; a request without one fails the test. Owner: the test.
class FakeHttpClient final : public HttpClient {
 public:
  FakeHttpClient& Then(FakeReply reply) {
    script_.push_back(std::move(reply));
    return *this;
  }

  asio::awaitable<StatusOr<HttpResponse>> Send(HttpRequest request, Deadline deadline) override;

  const std::vector<HttpRequest>& requests() const { return requests_; }
  // Bodies that are held by somebody.
  int open_bodies() const { return bodies_->open; }
  // Bodies that were read to the proper end of the message: their connections can be used again.
  int ended_bodies() const { return bodies_->ended; }

 private:
  struct Bodies {
    int open = 0;
    int ended = 0;
  };

  class Body;

  std::deque<FakeReply> script_;
  std::vector<HttpRequest> requests_;
  std::shared_ptr<Bodies> bodies_ = std::make_shared<Bodies>();
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_FAKE_HTTP_CLIENT_H_
