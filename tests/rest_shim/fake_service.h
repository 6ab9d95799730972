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

// One streamed call, in the hands of a script.
class StreamScript {
 public:
  StreamScript(grpc::ServerContext& context, const v1::SynthesizeStreamRequest& request,
               grpc::ServerWriter<v1::SynthesizeStreamResponse>& writer)
      : context_(context), request_(request), writer_(writer) {}

  const v1::SynthesizeRequest& request() const { return request_.request(); }
  grpc::ServerContext& context() { return context_; }
  // Each gives false when the client has cancelled.
  bool Start();
  bool Text(const std::string& text);
  bool Send(const v1::Delta& delta);
  bool Complete(const v1::SynthesizeResponse& answer);
  // Returns when the client has cancelled.
  void AwaitCancel();

 private:
  bool Write(v1::SynthesizeStreamResponse event);
  grpc::ServerContext& context_;
  const v1::SynthesizeStreamRequest& request_;
  grpc::ServerWriter<v1::SynthesizeStreamResponse>& writer_;
  std::uint64_t sequence_ = 0;
};

// Serves on a Unix socket in a directory of its own. Scripts are set before the calls that run
// them. By default every answer is "Hello world".
class FakeService {
 public:
  using Unary = std::function<grpc::Status(grpc::ServerContext&, const v1::SynthesizeRequest&,
                                           v1::SynthesizeResponse&)>;
  using Streamed = std::function<grpc::Status(StreamScript&)>;

  FakeService();
  ~FakeService();

  // "unix:PATH"
  const std::string& address() const { return address_; }
  void Start();
  void Stop();

  Unary unary;
  Streamed streamed;
  std::atomic<bool> serving = true;

  // What the last call brought.
  v1::SynthesizeRequest last_request() const;
  std::string last_metadata(const std::string& key) const;
  // Wait until so many calls have begun, or have seen their client's cancellation.
  void AwaitCalls(int count);
  void AwaitCancelled(int count);

 private:
  class Mom;
  class Health;
  void Note(grpc::ServerContext& context, const v1::SynthesizeRequest& request);
  void NoteEnd(grpc::ServerContext& context);

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
};

}  // namespace mom::testing

#endif  // MOM_TESTS_REST_SHIM_FAKE_SERVICE_H_
