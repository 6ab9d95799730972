// The three shapes of RPC that MoM serves. Messages are parsed and written on the call's loop, not
// on the polling thread.
#ifndef MOM_RPC_METHOD_CALLS_H_
#define MOM_RPC_METHOD_CALLS_H_

#include <google/protobuf/message.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/async_unary_call.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "service/rpc/call.h"

namespace mom {

grpc::ByteBuffer Serialize(const google::protobuf::Message& message);
// INVALID_ARGUMENT where the bytes are no such message. They are let go.
Status Parse(grpc::ByteBuffer& buffer, google::protobuf::Message& message);

// How a method is asked for and served. `Responder` is gRPC's, `Served` the call's class; `Request`
// are the generated Request function's arguments between the context and the queues. Must outlive
// the calls.
template <typename Served, typename... Request>
struct Method {
  std::function<void(grpc::ServerContext*, Request*..., grpc::CompletionQueue*,
                     grpc::ServerCompletionQueue*, void* tag)>
      request;
  // The call lives longer than the coroutine.
  std::function<asio::awaitable<Status>(Served& call)> serve;
  bool gated = false;  // see Call
};

// One question, one answer.
class UnaryCall final : public Call {
 public:
  using Responder = grpc::ServerAsyncResponseWriter<grpc::ByteBuffer>;
  using Method = mom::Method<UnaryCall, grpc::ByteBuffer, Responder>;
  UnaryCall(CallHost& host, const Method& method)
      : Call(host, method.gated), method_(method), responder_(&context()) {}

  // Once.
  Status ParseRequest(google::protobuf::Message& message);
  // How many bytes the message came in.
  std::int64_t request_bytes() const { return request_bytes_; }
  // Needed before Serve() ends with OK.
  void SetResponse(const google::protobuf::Message& message) { response_ = Serialize(message); }

 private:
  void Request(void* tag) override;
  std::unique_ptr<Call> NewSlot() const override;
  asio::awaitable<Status> Serve() override { return method_.serve(*this); }
  void Finish(const grpc::Status& status, void* tag) override;

  const Method& method_;
  grpc::ByteBuffer request_;
  std::int64_t request_bytes_ = 0;
  grpc::ByteBuffer response_;
  Responder responder_;
};

// One question, many answers.
class StreamCall final : public Call {
 public:
  using Responder = grpc::ServerAsyncWriter<grpc::ByteBuffer>;
  using Method = mom::Method<StreamCall, grpc::ByteBuffer, Responder>;
  StreamCall(CallHost& host, const Method& method)
      : Call(host, method.gated), method_(method), responder_(&context()) {}

  // Both as UnaryCall's.
  Status ParseRequest(google::protobuf::Message& message);
  std::int64_t request_bytes() const { return request_bytes_; }
  // Whether a message is on its way. It must not be when another is started.
  bool writing() const { return outstanding(); }
  void StartWrite(const google::protobuf::Message& message);
  // Suspends until the message on its way, if any, was taken. Errors as OperationOver().
  asio::awaitable<Status> Written(Deadline deadline = Deadline::Never()) {
    return OperationOver(deadline);
  }
  // A last message, which travels together with the status OK.
  void SetLast(const google::protobuf::Message& message) { last_ = Serialize(message); }

 private:
  void Request(void* tag) override;
  std::unique_ptr<Call> NewSlot() const override;
  asio::awaitable<Status> Serve() override { return method_.serve(*this); }
  void Finish(const grpc::Status& status, void* tag) override;

  const Method& method_;
  grpc::ByteBuffer request_;
  std::int64_t request_bytes_ = 0;
  std::optional<grpc::ByteBuffer> last_;
  Responder responder_;
};

// Questions and answers in turn.
class DialogCall final : public Call {
 public:
  using Responder = grpc::ServerAsyncReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>;
  using Method = mom::Method<DialogCall, Responder>;
  DialogCall(CallHost& host, const Method& method)
      : Call(host, method.gated), method_(method), responder_(&context()) {}

  // The next question; false: there is none. Cancellation: throws.
  asio::awaitable<StatusOr<bool>> Read(google::protobuf::Message& message);
  // Errors as OperationOver().
  asio::awaitable<Status> Write(const google::protobuf::Message& message);

 private:
  void Request(void* tag) override;
  std::unique_ptr<Call> NewSlot() const override;
  asio::awaitable<Status> Serve() override { return method_.serve(*this); }
  void Finish(const grpc::Status& status, void* tag) override;

  const Method& method_;
  grpc::ByteBuffer buffer_;
  Responder responder_;
};

}  // namespace mom

#endif  // MOM_RPC_METHOD_CALLS_H_
