#include "tests/testing/emulator/http1_session.h"

#include <optional>
#include <utility>

#include "tests/testing/emulator/admin.h"
#include "tests/testing/emulator/client.h"
#include "tests/testing/emulator/http_request.h"
#include "tests/testing/emulator/service.h"

namespace mom::testing {
namespace {

class Http1Client final : public Client {
 public:
  explicit Http1Client(std::shared_ptr<ClientSocket> socket)
      : Client(socket->executor()), socket_(std::move(socket)) {}

  // To be called once it is owned.
  void WatchTheSocket() {
    socket_->OnLeft([self = weak_from_this()] {
      if (const auto client = self.lock()) static_cast<Http1Client&>(*client).Left();
    });
  }

  HttpVersion version() const override { return HttpVersion::kHttp1; }

  asio::awaitable<void> Send(const Step& step) override {
    if (step.bytes.empty()) co_return;
    for (std::int64_t i = 0; i < step.times && !gone(); ++i) co_await socket_->Write(step.bytes);
  }

  asio::awaitable<void> Write(const std::string& bytes) override { co_await socket_->Write(bytes); }

  // What only closes the connection is left to the session.
  void End(Ending ending) override {
    if (ending == Ending::kReset || ending == Ending::kRefuse) socket_->Reset();
    if (ending == Ending::kHalfClose) socket_->ShutdownSend();
  }

 private:
  const std::shared_ptr<ClientSocket> socket_;
};

}  // namespace

asio::awaitable<void> ServeHttp1(std::shared_ptr<ClientSocket> socket, Stage& stage,
                                 ConnectionCount& count) {
  const auto client = std::make_shared<Http1Client>(socket);
  client->WatchTheSocket();
  bool goes_on = true;
  while (goes_on) {
    std::optional<HttpRequest> request = co_await ReadRequest(*socket);
    if (!request) break;
    if (request->malformed) {
      co_await AnswerMalformed(client);
      break;
    }
    if (IsAdmin(request->record)) count.Withdraw();
    const bool keep_alive = request->keep_alive;
    goes_on = co_await AnswerRequest(client, stage, std::move(request->record));
    goes_on = goes_on && keep_alive;
  }
}

}  // namespace mom::testing
