#include "service/rpc/reflection.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <set>
#include <utility>

#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "service/rpc/method_calls.h"

namespace mom {
namespace {

namespace pb = google::protobuf;

constexpr int kReflectionSlots = 8;

struct V1 {
  using Api = grpc::reflection::v1::ServerReflection;
  using Request = grpc::reflection::v1::ServerReflectionRequest;
  using Response = grpc::reflection::v1::ServerReflectionResponse;
};
struct V1Alpha {
  using Api = grpc::reflection::v1alpha::ServerReflection;
  using Request = grpc::reflection::v1alpha::ServerReflectionRequest;
  using Response = grpc::reflection::v1alpha::ServerReflectionResponse;
};

// The file that declares `symbol`; null where there is none. A method's own descriptor is found by
// "package.Service.Method".
const pb::FileDescriptor* FileOf(const std::string& symbol) {
  return pb::DescriptorPool::generated_pool()->FindFileContainingSymbol(symbol);
}

// The file first, then all that it needs, each once.
template <typename Response>
void AddFiles(const pb::FileDescriptor& file, std::set<const pb::FileDescriptor*>& seen,
              Response& out) {
  if (!seen.insert(&file).second) return;
  pb::FileDescriptorProto proto;
  file.CopyTo(&proto);
  file.CopyJsonNameTo(&proto);
  out.mutable_file_descriptor_response()->add_file_descriptor_proto(proto.SerializeAsString());
  for (int i = 0; i < file.dependency_count(); ++i) AddFiles(*file.dependency(i), seen, out);
}

template <typename Response>
void Fail(StatusCode code, const std::string& message, Response& out) {
  out.mutable_error_response()->set_error_code(static_cast<int>(code));
  out.mutable_error_response()->set_error_message(message);
}

template <typename Response>
void Describe(const pb::FileDescriptor* file, const std::string& what, Response& out) {
  if (file == nullptr) return Fail(StatusCode::kNotFound, "not found: " + what, out);
  std::set<const pb::FileDescriptor*> seen;
  AddFiles(*file, seen, out);
}

template <typename Response>
void ListExtensions(const std::string& type, Response& out) {
  const pb::DescriptorPool& pool = *pb::DescriptorPool::generated_pool();
  const pb::Descriptor* message = pool.FindMessageTypeByName(type);
  if (message == nullptr) return Fail(StatusCode::kNotFound, "not found: " + type, out);
  std::vector<const pb::FieldDescriptor*> extensions;
  pool.FindAllExtensions(message, &extensions);
  auto& numbers = *out.mutable_all_extension_numbers_response();
  numbers.set_base_type_name(type);
  for (const pb::FieldDescriptor* extension : extensions) {
    numbers.add_extension_number(extension->number());
  }
}

template <typename Request>
const pb::FileDescriptor* FileOfExtension(const Request& request) {
  const pb::DescriptorPool& pool = *pb::DescriptorPool::generated_pool();
  const pb::Descriptor* message = pool.FindMessageTypeByName(request.containing_type());
  if (message == nullptr) return nullptr;
  const pb::FieldDescriptor* extension =
      pool.FindExtensionByNumber(message, request.extension_number());
  return extension == nullptr ? nullptr : extension->file();
}

template <typename Version>
class ReflectionService final : public RpcService {
 public:
  explicit ReflectionService(std::vector<std::string> services) : services_(std::move(services)) {
    dialog_.request = [this](auto... args) { service_.RequestServerReflectionInfo(args...); };
    dialog_.serve = [this](DialogCall& call) { return Serve(call); };
  }
  grpc::Service& service() override { return service_; }
  void OpenSlots(CallHost& host, int loops) override {
    OpenSlotsOf<DialogCall>(dialog_, kReflectionSlots, host, loops);
  }

 private:
  using Request = typename Version::Request;
  using Response = typename Version::Response;

  asio::awaitable<Status> Serve(DialogCall& call) {
    while (true) {
      Request request;
      const StatusOr<bool> asked = co_await call.Read(request);
      if (!asked.ok() || !*asked) co_return asked.status();
      const Response response = Answer(request);
      const Status written = co_await call.Write(response);
      if (!written.ok()) co_return written;
    }
  }

  Response Answer(const Request& request) const {
    Response out;
    out.set_valid_host(request.host());
    *out.mutable_original_request() = request;
    switch (request.message_request_case()) {
      case Request::kListServices:
        for (const std::string& name : services_) {
          out.mutable_list_services_response()->add_service()->set_name(name);
        }
        break;
      case Request::kFileByFilename:
        Describe(pb::DescriptorPool::generated_pool()->FindFileByName(request.file_by_filename()),
                 request.file_by_filename(), out);
        break;
      case Request::kFileContainingSymbol:
        Describe(FileOf(request.file_containing_symbol()), request.file_containing_symbol(), out);
        break;
      case Request::kFileContainingExtension:
        Describe(FileOfExtension(request.file_containing_extension()),
                 request.file_containing_extension().containing_type(), out);
        break;
      case Request::kAllExtensionNumbersOfType:
        ListExtensions(request.all_extension_numbers_of_type(), out);
        break;
      case Request::MESSAGE_REQUEST_NOT_SET:
        Fail(StatusCode::kInvalidArgument, "the request asks for nothing", out);
    }
    return out;
  }

  const std::vector<std::string> services_;
  typename Version::Api::template WithRawMethod_ServerReflectionInfo<typename Version::Api::Service>
      service_;
  DialogCall::Method dialog_;
};

}  // namespace

std::unique_ptr<RpcService> MakeReflectionV1(std::vector<std::string> services) {
  return std::make_unique<ReflectionService<V1>>(std::move(services));
}

std::unique_ptr<RpcService> MakeReflectionV1Alpha(std::vector<std::string> services) {
  return std::make_unique<ReflectionService<V1Alpha>>(std::move(services));
}

}  // namespace mom
