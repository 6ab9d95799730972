// Both versions of server reflection, as tools use them.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "tests/rpc/rpc_fixture.h"

namespace mom::testing {
namespace {

namespace pb = google::protobuf;

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

template <typename Version>
class ReflectionTest : public RpcTest {
 protected:
  using Request = typename Version::Request;
  using Response = typename Version::Response;

  void SetUp() override {
    Start();
    reflection_ = Version::Api::NewStub(channel_);
    stream_ = reflection_->ServerReflectionInfo(&context_);
  }
  void TearDown() override {
    stream_->WritesDone();
    EXPECT_TRUE(stream_->Finish().ok());
  }

  Response Ask(const Request& request) {
    Response response;
    EXPECT_TRUE(stream_->Write(request));
    EXPECT_TRUE(stream_->Read(&response));
    EXPECT_EQ(response.original_request().SerializeAsString(), request.SerializeAsString());
    return response;
  }
  // Adds the files that come back, those that others need first.
  void Learn(const Response& response) {
    const auto& files = response.file_descriptor_response().file_descriptor_proto();
    std::map<std::string, pb::FileDescriptorProto> protos;
    for (const std::string& bytes : files) {
      pb::FileDescriptorProto proto;
      ASSERT_TRUE(proto.ParseFromString(bytes));
      protos[proto.name()] = proto;
    }
    for (const auto& [name, proto] : protos) Build(name, protos);
  }

  grpc::ClientContext context_;
  std::unique_ptr<typename Version::Api::Stub> reflection_;
  std::unique_ptr<grpc::ClientReaderWriter<Request, Response>> stream_;
  pb::DescriptorPool pool_of_client_;

 private:
  void Build(const std::string& name, const std::map<std::string, pb::FileDescriptorProto>& all) {
    if (pool_of_client_.FindFileByName(name) != nullptr) return;
    const auto found = all.find(name);
    ASSERT_NE(found, all.end()) << "not sent: " << name;
    for (const std::string& needed : found->second.dependency()) Build(needed, all);
    ASSERT_NE(pool_of_client_.BuildFile(found->second), nullptr) << name;
  }
};

using Versions = ::testing::Types<V1, V1Alpha>;
TYPED_TEST_SUITE(ReflectionTest, Versions);

TYPED_TEST(ReflectionTest, EveryMethodOfEveryServiceCanBeDescribed) {
  typename TypeParam::Request request;
  request.set_host("some.host");
  request.set_list_services("*");
  const auto list = this->Ask(request);
  EXPECT_EQ(list.valid_host(), "some.host");
  std::vector<std::string> names;
  for (const auto& service : list.list_services_response().service()) {
    names.push_back(service.name());
  }
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("mom.v1.MomService", "grpc.health.v1.Health",
                                                     "grpc.reflection.v1.ServerReflection",
                                                     "grpc.reflection.v1alpha.ServerReflection"));
  int methods = 0;
  for (const std::string& name : names) {
    request.set_file_containing_symbol(name);
    this->Learn(this->Ask(request));
    const pb::ServiceDescriptor* service = this->pool_of_client_.FindServiceByName(name);
    ASSERT_NE(service, nullptr) << name;
    for (int i = 0; i < service->method_count(); ++i, ++methods) {
      EXPECT_GT(service->method(i)->input_type()->full_name().size(), 0u);
      request.set_file_containing_symbol(service->method(i)->full_name());
      EXPECT_FALSE(this->Ask(request).has_error_response()) << service->method(i)->full_name();
    }
  }
  EXPECT_EQ(methods, 6 + 2 + 1 + 1);
}

TYPED_TEST(ReflectionTest, DetailsOfErrorsCanBePrinted) {
  typename TypeParam::Request request;
  for (const char* symbol : {"google.rpc.ErrorInfo", "google.rpc.RetryInfo",
                             "google.rpc.BadRequest", "google.rpc.Status"}) {
    request.set_file_containing_symbol(symbol);
    this->Learn(this->Ask(request));
    EXPECT_NE(this->pool_of_client_.FindMessageTypeByName(symbol), nullptr) << symbol;
  }
  request.set_file_by_filename("mom/v1/mom_service.proto");
  EXPECT_GT(this->Ask(request).file_descriptor_response().file_descriptor_proto_size(), 1);
}

TYPED_TEST(ReflectionTest, ExtensionsAreFound) {
  typename TypeParam::Request request;
  request.set_all_extension_numbers_of_type("google.protobuf.FieldOptions");
  const auto numbers = this->Ask(request);
  EXPECT_EQ(numbers.all_extension_numbers_response().base_type_name(),
            "google.protobuf.FieldOptions");
  request.mutable_file_containing_extension()->set_containing_type("google.protobuf.FieldOptions");
  request.mutable_file_containing_extension()->set_extension_number(123456);
  EXPECT_EQ(this->Ask(request).error_response().error_code(), grpc::NOT_FOUND);
}

TYPED_TEST(ReflectionTest, WhatIsNotThereIsAnErrorInTheStream) {
  typename TypeParam::Request request;
  EXPECT_EQ(this->Ask(request).error_response().error_code(), grpc::INVALID_ARGUMENT);
  request.set_file_containing_symbol("no.such.Thing");
  EXPECT_EQ(this->Ask(request).error_response().error_code(), grpc::NOT_FOUND);
  request.set_file_by_filename("no/such.proto");
  EXPECT_EQ(this->Ask(request).error_response().error_code(), grpc::NOT_FOUND);
  request.set_all_extension_numbers_of_type("no.such.Thing");
  EXPECT_EQ(this->Ask(request).error_response().error_code(), grpc::NOT_FOUND);
}

}  // namespace
}  // namespace mom::testing
