#include "service/rpc/method_calls.h"

#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>

#include <utility>

namespace mom {
namespace {

// Small messages go into one slice, large ones into as many as they need.
constexpr int kSliceBytes = 64 * 1024;

}  // namespace

grpc::ByteBuffer Serialize(const google::protobuf::Message& message) {
  grpc::ByteBuffer buffer;
  const int size = static_cast<int>(message.ByteSizeLong());
  grpc::ProtoBufferWriter writer(&buffer, std::min(size, kSliceBytes), size);
  message.SerializeToZeroCopyStream(&writer);
  return buffer;
}

Status Parse(grpc::ByteBuffer& buffer, google::protobuf::Message& message) {
  const bool is_valid = [&] {
    grpc::ProtoBufferReader reader(&buffer);
    return reader.status().ok() && message.ParseFromZeroCopyStream(&reader);
  }();
  buffer.Clear();
  if (is_valid) return Status();
  return InvalidField("", "The request is not a valid " + message.GetTypeName() +
                              " message; encode it as the files in proto/ say");
}

Status UnaryCall::ParseRequest(google::protobuf::Message& message) {
  request_bytes_ = static_cast<std::int64_t>(request_.Length());
  return Parse(request_, message);
}

void UnaryCall::Request(void* tag) {
  method_.request(&context(), &request_, &responder_, &host().queue, &host().queue, tag);
}

std::unique_ptr<Call> UnaryCall::NewSlot() const {
  return std::make_unique<UnaryCall>(host(), method_);
}

void UnaryCall::Finish(const grpc::Status& status, void* tag) {
  if (status.ok()) {
    responder_.Finish(response_, status, tag);
  } else {
    responder_.FinishWithError(status, tag);
  }
}

Status StreamCall::ParseRequest(google::protobuf::Message& message) {
  request_bytes_ = static_cast<std::int64_t>(request_.Length());
  return Parse(request_, message);
}

void StreamCall::Request(void* tag) {
  method_.request(&context(), &request_, &responder_, &host().queue, &host().queue, tag);
}

std::unique_ptr<Call> StreamCall::NewSlot() const {
  return std::make_unique<StreamCall>(host(), method_);
}

void StreamCall::StartWrite(const google::protobuf::Message& message) {
  responder_.Write(Serialize(message), WriteTag());
}

void StreamCall::Finish(const grpc::Status& status, void* tag) {
  if (status.ok() && last_) {
    responder_.WriteAndFinish(*last_, grpc::WriteOptions(), status, tag);
  } else {
    responder_.Finish(status, tag);
  }
}

void DialogCall::Request(void* tag) {
  method_.request(&context(), &responder_, &host().queue, &host().queue, tag);
}

std::unique_ptr<Call> DialogCall::NewSlot() const {
  return std::make_unique<DialogCall>(host(), method_);
}

asio::awaitable<StatusOr<bool>> DialogCall::Read(google::protobuf::Message& message) {
  buffer_.Clear();
  responder_.Read(&buffer_, ReadTag());
  const Status got = co_await OperationOver();
  if (!got.ok()) co_return false;
  const Status parsed = Parse(buffer_, message);
  if (!parsed.ok()) co_return parsed;
  co_return true;
}

asio::awaitable<Status> DialogCall::Write(const google::protobuf::Message& message) {
  responder_.Write(Serialize(message), WriteTag());
  return OperationOver();
}

void DialogCall::Finish(const grpc::Status& status, void* tag) { responder_.Finish(status, tag); }

}  // namespace mom
