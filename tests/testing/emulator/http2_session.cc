#include "tests/testing/emulator/http2_session.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstring>
#include <utility>
#include <vector>

#include "tests/testing/emulator/admin.h"
#include "tests/testing/emulator/client.h"
#include "tests/testing/emulator/http2_connection.h"
#include "tests/testing/emulator/service.h"

namespace mom::testing {
namespace {

// One stream: one request and its answer.
class Http2Client final : public Client, public Http2StreamEvents {
 public:
  Http2Client(const asio::any_io_executor& executor, std::shared_ptr<Http2Connection> connection,
              std::int32_t stream)
      : Client(executor), connection_(std::move(connection)), stream_(stream) {}

  HttpVersion version() const override { return HttpVersion::kHttp2; }

  asio::awaitable<void> Send(const Step& step) override {
    if (gone()) co_return;
    if (step.head) {
      begun_ = true;
      connection_->SubmitHead(stream_, *step.head);
    }
    if (step.bytes.empty()) co_return;
    for (std::int64_t i = 0; i < step.times && !gone(); ++i) co_await Write(step.bytes);
  }

  asio::awaitable<void> Write(const std::string& bytes) override {
    if (gone()) co_return;
    flushed_ = false;
    if (begun_) {
      outbox_ = bytes;
      connection_->Resume(stream_);
    } else {
      // Without a head before it, it is no answer but a raw one.
      connection_->WriteRaw(bytes);
    }
    co_await Wait(Deadline::Never(), &flushed_);
  }

  void End(Ending ending) override {
    ended_ = ending == Ending::kKeepAlive || ending == Ending::kClose;
    // After a raw answer there is nothing left that frames could follow.
    if (ended_ && !begun_) ending = Ending::kCut;
    connection_->End(stream_, ending, begun_);
    if (ended_) connection_->Resume(stream_);
  }

  std::size_t TakeBody(std::uint8_t* out, std::size_t most, bool* last) override {
    const std::size_t size = std::min(most, outbox_.size());
    std::memcpy(out, outbox_.data(), size);
    outbox_.erase(0, size);
    *last = ended_ && outbox_.empty();
    return size;
  }

  void Flushed() override {
    flushed_ = outbox_.empty();
    if (flushed_) Wake();
  }

  void Closed() override { Left(); }

 private:
  const std::shared_ptr<Http2Connection> connection_;
  const std::int32_t stream_;
  std::string outbox_;
  bool begun_ = false;  // The head is out.
  bool ended_ = false;
  bool flushed_ = false;
};

// Streams hold their connection, which holds them: also where the frame that serves it is destroyed
// must one let go of the other.
class StreamsGuard {
 public:
  explicit StreamsGuard(std::shared_ptr<Http2Connection> connection)
      : connection_(std::move(connection)) {}
  ~StreamsGuard() { connection_->DropStreams(); }
  StreamsGuard(const StreamsGuard&) = delete;
  StreamsGuard& operator=(const StreamsGuard&) = delete;

 private:
  std::shared_ptr<Http2Connection> connection_;
};

asio::awaitable<void> Serve(std::shared_ptr<Http2Client> client, Stage& stage,
                            std::shared_ptr<ConnectionCount>, RecordedRequest request) {
  co_await AnswerRequest(std::move(client), stage, std::move(request));
}

}  // namespace

asio::awaitable<void> ServeHttp2(std::shared_ptr<ClientSocket> socket, Stage& stage,
                                 std::shared_ptr<ConnectionCount> count) {
  const asio::any_io_executor executor = socket->executor();
  const auto connection = std::make_shared<Http2Connection>(socket);
  const StreamsGuard guard(connection);
  std::vector<Http2Request> requests = co_await connection->ReadRequests();
  while (!requests.empty()) {
    for (Http2Request& request : requests) {
      auto client = std::make_shared<Http2Client>(executor, connection, request.stream);
      connection->Attach(request.stream, client);
      if (IsAdmin(request.record)) count->Withdraw();
      asio::co_spawn(executor, Serve(std::move(client), stage, count, std::move(request.record)),
                     asio::detached);
    }
    requests = co_await connection->ReadRequests();
  }
  connection->CloseStreams();
}

}  // namespace mom::testing
