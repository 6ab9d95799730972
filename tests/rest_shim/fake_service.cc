#include "tests/rest_shim/fake_service.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <optional>
#include <utility>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace mom::testing {
namespace {

using Event = v1::SynthesizeStreamResponse;

constexpr std::chrono::seconds kPatience{20};

}  // namespace

void Gate::Open() {
  const std::lock_guard lock(mutex_);
  open_ = true;
  opened_.notify_all();
}

void Gate::Wait() {
  std::unique_lock lock(mutex_);
  EXPECT_TRUE(opened_.wait_for(lock, kPatience, [this] { return open_; })) << "gate never opened";
}

v1::SynthesizeResponse TextAnswer(const std::string& text) {
  v1::SynthesizeResponse answer;
  answer.set_id("chatcmpl-fake");
  answer.mutable_create_time()->set_seconds(1'700'000'000);
  answer.set_model("mom");
  answer.mutable_message()->set_role(v1::ROLE_ASSISTANT);
  answer.mutable_message()->add_content()->set_text(text);
  answer.set_finish_reason(v1::FINISH_REASON_STOP);
  v1::Usage& own = *answer.mutable_answer_usage();
  own.set_prompt_tokens(10);
  own.set_completion_tokens(5);
  own.set_total_tokens(15);
  v1::Usage& sum = *answer.mutable_usage();
  sum.set_prompt_tokens(40);
  sum.set_completion_tokens(15);
  sum.set_total_tokens(55);
  sum.set_cost_nanos_usd(2'500'000);
  v1::ModelUsage& model = *answer.add_model_usages();
  model.set_model("small-a");
  model.set_provider("local-a");
  model.set_attempts(2);
  *model.mutable_usage() = sum;
  answer.set_strategy("synthesize");
  answer.set_strategy_reason("configured");
  answer.set_contract("none");
  answer.set_answered_by("small-a");
  answer.set_request_id("req-fake");
  return answer;
}

grpc::Status RpcFailure(StatusCode code, const std::string& message, const ErrorInfo& info) {
  google::rpc::Status rpc;
  rpc.set_code(static_cast<int>(code));
  rpc.set_message(message);
  google::rpc::ErrorInfo error;
  error.set_reason(info.reason);
  error.set_domain("mom.v1");
  error.mutable_metadata()->insert(info.metadata.begin(), info.metadata.end());
  rpc.add_details()->PackFrom(error);
  if (info.retry_after) {
    google::rpc::RetryInfo retry;
    const auto ms = info.retry_after->count();
    retry.mutable_retry_delay()->set_seconds(ms / 1000);
    retry.mutable_retry_delay()->set_nanos(static_cast<int>(ms % 1000) * 1'000'000);
    rpc.add_details()->PackFrom(retry);
  }
  if (!info.field.empty()) {
    google::rpc::BadRequest bad;
    bad.add_field_violations()->set_field(info.field);
    rpc.add_details()->PackFrom(bad);
  }
  return grpc::Status(static_cast<grpc::StatusCode>(code), message, rpc.SerializeAsString());
}

grpc::Status RpcFailure(StatusCode code, const std::string& message, const std::string& reason) {
  ErrorInfo info;
  info.reason = reason;
  return RpcFailure(code, message, info);
}

bool StreamScript::Write(v1::SynthesizeStreamResponse event) {
  event.set_sequence(++sequence_);
  return writer_(event);
}

bool StreamScript::Start() {
  v1::SynthesizeStreamResponse event;
  v1::Started& started = *event.mutable_started();
  started.set_id("chatcmpl-fake");
  started.mutable_create_time()->set_seconds(1'700'000'000);
  started.set_model("mom");
  started.set_strategy("synthesize");
  started.set_request_id("req-fake");
  return Write(std::move(event));
}

bool StreamScript::Text(const std::string& text) {
  v1::Delta delta;
  delta.set_text(text);
  return Send(delta);
}

bool StreamScript::Send(const v1::Delta& delta) {
  v1::SynthesizeStreamResponse event;
  *event.mutable_delta() = delta;
  return Write(std::move(event));
}

bool StreamScript::Complete(const v1::SynthesizeResponse& answer) {
  v1::SynthesizeStreamResponse event;
  *event.mutable_completed() = answer;
  return Write(std::move(event));
}

// gRPC tells of a cancellation only here: its synchronous API can but be asked again and again.
class FakeService::UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  UnaryCall(FakeService& owner, v1::SynthesizeResponse& response) : owner_(owner) {
    owner.RunScript([this, &response] {
      UnaryScript script(response, cancelled_);
      Finish(owner_.unary(script));  // this object may be gone after it
    });
  }
  void OnCancel() override {
    owner_.NoteCancelled();
    cancelled_.Open();
  }
  void OnDone() override { delete this; }

 private:
  FakeService& owner_;
  Gate cancelled_;
};

class FakeService::StreamCall final : public grpc::ServerWriteReactor<Event> {
 public:
  explicit StreamCall(FakeService& owner) : owner_(owner) {
    owner.RunScript([this] {
      StreamScript script([this](const Event& event) { return Write(event); }, cancelled_);
      Finish(owner_.streamed(script));  // this object may be gone after it
    });
  }
  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    written_ = ok;
    changed_.notify_all();
  }
  void OnCancel() override {
    owner_.NoteCancelled();
    cancelled_.Open();
  }
  void OnDone() override { delete this; }

 private:
  // Suspends the script until the client's side has room for the event.
  bool Write(const Event& event) {
    std::unique_lock lock(mutex_);
    written_.reset();
    event_ = event;
    StartWrite(&event_);
    changed_.wait(lock, [this] { return written_.has_value(); });
    return *written_;
  }

  FakeService& owner_;
  Gate cancelled_;
  Event event_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<bool> written_;  // guarded by mutex_
};

class FakeService::Mom final
    : public v1::MomService::WithCallbackMethod_Synthesize<
          v1::MomService::WithCallbackMethod_SynthesizeStream<v1::MomService::Service>> {
 public:
  explicit Mom(FakeService& owner) : owner_(owner) {}

  grpc::ServerUnaryReactor* Synthesize(grpc::CallbackServerContext* context,
                                       const v1::SynthesizeRequest* request,
                                       v1::SynthesizeResponse* response) override {
    owner_.Note(*context, *request);
    return new UnaryCall(owner_, *response);
  }

  grpc::ServerWriteReactor<Event>* SynthesizeStream(
      grpc::CallbackServerContext* context, const v1::SynthesizeStreamRequest* request) override {
    owner_.Note(*context, request->request());
    return new StreamCall(owner_);
  }

  grpc::Status ListModels(grpc::ServerContext*, const v1::ListModelsRequest*,
                          v1::ListModelsResponse* response) override {
    v1::Model& mixture = *response->add_models();
    mixture.set_name("mom");
    mixture.set_kind(v1::MODEL_KIND_MIXTURE);
    mixture.set_context_window(8192);
    mixture.add_members("small-a");
    mixture.set_strategy("synthesize");
    mixture.mutable_create_time()->set_seconds(1'700'000'000);
    v1::Model& model = *response->add_models();
    model.set_name("vendor/small-a");
    model.set_kind(v1::MODEL_KIND_MODEL);
    model.set_provider("local-a");
    model.mutable_create_time()->set_seconds(1'700'000'000);
    return grpc::Status::OK;
  }

 private:
  FakeService& owner_;
};

class FakeService::Health final : public grpc::health::v1::Health::Service {
 public:
  explicit Health(FakeService& owner) : owner_(owner) {}
  grpc::Status Check(grpc::ServerContext*, const grpc::health::v1::HealthCheckRequest*,
                     grpc::health::v1::HealthCheckResponse* response) override {
    response->set_status(owner_.serving ? grpc::health::v1::HealthCheckResponse::SERVING
                                        : grpc::health::v1::HealthCheckResponse::NOT_SERVING);
    return grpc::Status::OK;
  }

 private:
  FakeService& owner_;
};

FakeService::FakeService()
    : mom_(std::make_unique<Mom>(*this)), health_(std::make_unique<Health>(*this)) {
  char path[] = "/tmp/mom-rest-test-XXXXXX";
  directory_ = ::mkdtemp(path);
  address_ = "unix:" + directory_ + "/mom.sock";
  AnswerWith(TextAnswer("Hello world"));
  streamed = [](StreamScript& script) {
    script.Start();
    script.Text("Hello");
    script.Text(" world");
    script.Complete(TextAnswer("Hello world"));
    return grpc::Status::OK;
  };
  Start();
}

FakeService::~FakeService() {
  Stop();
  ::unlink((directory_ + "/mom.sock").c_str());
  ::rmdir(directory_.c_str());
}

void FakeService::Start() {
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address_, grpc::InsecureServerCredentials());
  builder.SetMaxReceiveMessageSize(-1);
  builder.RegisterService(mom_.get());
  builder.RegisterService(health_.get());
  server_ = builder.BuildAndStart();
}

void FakeService::Stop() {
  if (!server_) return;
  server_->Shutdown(std::chrono::system_clock::now());
  server_.reset();
  for (std::thread& script : scripts_) script.join();
  scripts_.clear();
}

void FakeService::AnswerWith(const v1::SynthesizeResponse& answer) {
  unary = [answer](UnaryScript& script) {
    script.response() = answer;
    return grpc::Status::OK;
  };
}

void FakeService::StreamUntil(Gate& gate, const std::string& text) {
  streamed = [&gate, text](StreamScript& script) {
    script.Start();
    script.Text(text);
    gate.Wait();
    script.Complete(TextAnswer(text));
    return grpc::Status::OK;
  };
}

void FakeService::StreamForEver(const std::string& text) {
  streamed = [text](StreamScript& script) {
    script.Start();
    script.Text(text);
    script.AwaitCancel();
    return grpc::Status::CANCELLED;
  };
}

void FakeService::RunScript(std::function<void()> script) {
  const std::lock_guard lock(mutex_);
  scripts_.emplace_back(std::move(script));
}

void FakeService::Note(const grpc::ServerContextBase& context,
                       const v1::SynthesizeRequest& request) {
  const std::lock_guard lock(mutex_);
  ++calls_;
  changed_.notify_all();
  last_request_ = request;
  last_metadata_.clear();
  for (const auto& [key, value] : context.client_metadata()) {
    last_metadata_.emplace(std::string(key.data(), key.size()),
                           std::string(value.data(), value.size()));
  }
}

void FakeService::NoteCancelled() {
  const std::lock_guard lock(mutex_);
  ++cancelled_;
  changed_.notify_all();
}

v1::SynthesizeRequest FakeService::last_request() const {
  const std::lock_guard lock(mutex_);
  return last_request_;
}

std::string FakeService::last_metadata(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = last_metadata_.find(key);
  return found == last_metadata_.end() ? "" : found->second;
}

void FakeService::AwaitCalls(int count) {
  std::unique_lock lock(mutex_);
  EXPECT_TRUE(changed_.wait_for(lock, kPatience, [&] { return calls_ >= count; }))
      << calls_ << " of " << count << " calls have begun";
}

void FakeService::AwaitCancelled(int count) {
  std::unique_lock lock(mutex_);
  EXPECT_TRUE(changed_.wait_for(lock, kPatience, [&] { return cancelled_ >= count; }))
      << cancelled_ << " of " << count << " calls were cancelled";
}

}  // namespace mom::testing
