// A MoM service in the test's own process, which does what the test says.
#ifndef MOM_TESTS_REST_SHIM_FAKE_SERVICE_H_
#define MOM_TESTS_REST_SHIM_FAKE_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "grpc/health/v1/health.grpc.pb.h"
#include "mom/v1/mom_service.grpc.pb.h"
#include "service/base/status.h"

namespace mom::testing {

// A latch between the test and the service's threads.
class Gate {
 public:
  void Open();
  // Gives up, and fails the test, after 20 s.
  void Wait();

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

// An answer as the service gives it: text, finish "stop", usage 10 + 5 own and 40 + 15 in all.
v1::SynthesizeResponse TextAnswer(const std::string& text);

// A failure with its google.rpc details, as momd sends it.
grpc::Status RpcFailure(StatusCode code, const std::string& message, const ErrorInfo& info);
grpc::Status RpcFailure(StatusCode code, const std::string& message, const std::string& reason);

// One unary call, in the hands of a script.
class UnaryScript {
 public:
  // `cancelled` is opened when the client has cancelled.
  UnaryScript(v1::SynthesizeResponse& response, Gate& cancelled)
      : response_(response), cancelled_(cancelled) {}

  v1::SynthesizeResponse& response() { return response_; }
  // Returns when the client has cancelled.
  void AwaitCancel() { cancelled_.Wait(); }

 private:
  v1::SynthesizeResponse& response_;
  Gate& cancelled_;
};

// One streamed call, in the hands of a script.
class StreamScript {
 public:
  using Writer = std::function<bool(const v1::SynthesizeStreamResponse&)>;
  StreamScript(Writer writer, Gate& cancelled)
      : writer_(std::move(writer)), cancelled_(cancelled) {}

  // Each gives false when the client has cancelled.
  bool Start();
  bool Text(const std::string& text);
  bool Send(const v1::Delta& delta);
  bool Complete(const v1::SynthesizeResponse& answer);
  // Returns when the client has cancelled.
  void AwaitCancel() { cancelled_.Wait(); }

 private:
  bool Write(v1::SynthesizeStreamResponse event);
  Writer writer_;
  Gate& cancelled_;
  std::uint64_t sequence_ = 0;
};

// Serves on a Unix socket in a directory of its own. Scripts are set before the calls that run
// them, each on a thread of its own. By default every answer is "Hello world".
class FakeService {
 public:
  using Unary = std::function<grpc::Status(UnaryScript&)>;
  using Streamed = std::function<grpc::Status(StreamScript&)>;

  FakeService();
  ~FakeService();

  // "unix:PATH"
  const std::string& address() const { return address_; }
  void Start();
  void Stop();

  Unary unary;
  Streamed streamed;
  // The usual scripts. Whole answers are `answer`.
  void AnswerWith(const v1::SynthesizeResponse& answer);
  // Streamed answers are `text`, in one piece; their end waits for `gate`.
  void StreamUntil(Gate& gate, const std::string& text);
  // Streamed answers are `text` and have no end: they wait for the client to cancel.
  void StreamForEver(const std::string& text);
  std::atomic<bool> serving = true;

  // What the last call brought.
  v1::SynthesizeRequest last_request() const;
  std::string last_metadata(const std::string& key) const;
  // Wait until so many calls have begun, or have seen their client's cancellation.
  void AwaitCalls(int count);
  void AwaitCancelled(int count);

 private:
  class UnaryCall;
  class StreamCall;
  class Mom;
  class Health;
  void Note(const grpc::ServerContextBase& context, const v1::SynthesizeRequest& request);
  void NoteCancelled();
  void RunScript(std::function<void()> script);

  std::string directory_;
  std::string address_;
  std::unique_ptr<Mom> mom_;
  std::unique_ptr<Health> health_;
  std::unique_ptr<grpc::Server> server_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  v1::SynthesizeRequest last_request_;
  std::map<std::string, std::string> last_metadata_;
  int calls_ = 0;
  int cancelled_ = 0;
  std::vector<std::thread> scripts_;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_REST_SHIM_FAKE_SERVICE_H_
