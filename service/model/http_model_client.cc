#include "service/model/http_model_client.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "service/base/ascii.h"
#include "service/base/deadline_passed.h"
#include "service/base/reasons.h"
#include "service/model/attempt_recorder.h"
#include "service/model/base_url.h"
#include "service/model/retry_after.h"

namespace mom {
namespace {

using std::chrono::milliseconds;
using MaybeDelta = StatusOr<std::optional<ChatDelta>>;

// "45s", "250ms".
std::string Text(milliseconds time) {
  return time.count() % 1000 == 0 ? std::to_string(time.count() / 1000) + "s"
                                  : std::to_string(time.count()) + "ms";
}

// The media type alone, in lower case.
std::string MediaType(const HttpResponse& head) {
  const std::string_view type = head.Header("content-type");
  return LowerCase(type.substr(0, type.find_first_of("; \t")));
}

// What to do where an error persists. The key is empty where there is none to look at.
struct Advice {
  std::string config_key;
  std::string text;
};

Advice Check(const std::string& key) { return {key, "check " + key}; }

// Of a 404: one wrong path is by far the most usual, and it fails all models alike.
Advice AdviceOnNotFound(const ProviderConfig& provider, const ModelConfig& model) {
  const std::string url = "providers." + provider.name + ".base_url";
  const std::string id = "models." + model.name + ".id";
  if (HasVersion(provider.base_url)) return {id, "check " + id + " and the path in " + url};
  return {url, "check " + url + ", which has no /v1 as most have, and " + id};
}

// Of a parameter that the provider rejects; empty: it does not say which.
Advice AdviceOnParameter(const std::string& name, const ProviderConfig& provider,
                         const ModelConfig& model) {
  const std::string of_model = "models." + model.name;
  if (name == "max_tokens" || name == "max_completion_tokens") {
    return Check("providers." + provider.name + ".max_tokens_field");
  }
  const std::string what = name.empty() ? "what it does not know" : "it";
  return {"", "leave " + what + " out of the request, or of " + of_model};
}

// Of what is not in our hands.
Advice AdviceOnProvider(const std::string& reason) {
  if (reason == reason::kUpstreamError) return {"", "ask again, or look into its log"};
  if (reason == reason::kUpstreamOverloaded || reason == reason::kUpstreamRateLimited) {
    return {"", "wait, or spread the load over more models"};
  }
  if (reason == reason::kUpstreamConnectionLost || reason == reason::kUpstreamIncomplete) {
    return {"", "ask again"};
  }
  if (reason == reason::kContextLengthExceeded) {
    return {"", "shorten it, or ask a model with a larger window"};
  }
  return {};
}

Advice AdviceOn(const ErrorInfo& info, const ProviderConfig& provider, const ModelConfig& model) {
  const std::string& reason = info.reason;
  const std::string of_provider = "providers." + provider.name;
  const std::string url = of_provider + ".base_url";
  if (reason == reason::kUpstreamAuth) return Check(of_provider + ".api_key");
  if (reason == reason::kUpstreamQuota) {
    return {of_provider + ".api_key", "top up the account of " + of_provider + ".api_key"};
  }
  if (reason == reason::kUpstreamBadRequest) return AdviceOnParameter(info.field, provider, model);
  if (reason == reason::kUpstreamModelNotFound) return AdviceOnNotFound(provider, model);
  if (reason == reason::kUpstreamConnect) {
    return {url, "is its server running? check " + url};
  }
  if (reason == reason::kUpstreamTls) {
    return {url, "check " + url + ", and " + of_provider + ".ca_file for an authority of your own"};
  }
  if (reason == reason::kUpstreamDns || reason == reason::kUpstreamProtocol) return Check(url);
  if (reason == reason::kConnectTimeout) {
    return Check("models." + model.name + ".timeouts.connect");
  }
  return AdviceOnProvider(reason);
}

// One attempt. States: new, reading (the body is open or read), complete (all is given but the
// end).
class AttemptStream final : public DeltaStream {
 public:
  using Target = HttpModelClient::Target;

  AttemptStream(std::shared_ptr<const Target> target, std::shared_ptr<const ChatRequest> request,
                CallContext context)
      : target_(std::move(target)), request_(std::move(request)), context_(std::move(context)) {}

  asio::awaitable<MaybeDelta> Next() override {
    if (complete_) {
      co_await ReadEnd();
      co_return std::optional<ChatDelta>();
    }
    if (!started_) {
      const Status status = co_await Start();
      if (!status.ok()) co_return Fail(status);
    }
    // From here on, and not from the last delta: a slow reader's time is not the provider's.
    if (idle_) phase_ = Deadline::After(target_->model.timeouts.idle);
    MaybeDelta delta = co_await Read();
    if (!delta.ok()) co_return Fail(delta.status());
    if (!delta->has_value()) co_return Complete();
    co_return delta;
  }

 private:
  // Sends the request and looks at the head of the answer.
  asio::awaitable<Status> Start() {
    started_ = true;
    const TimeoutConfig& timeouts = target_->model.timeouts;
    total_ = Deadline::After(timeouts.total);
    phase_ = Deadline::After(timeouts.first_token);
    if (context_.deadline.Passed()) co_return LimitPassed();

    HttpRequest http =
        target_->translator->EncodeRequest(target_->provider, target_->model, *request_);
    http.connect_timeout = timeouts.connect;
    http.ca_file = target_->provider.ca_file;
    http.http2 = target_->provider.http_version == "2";
    if (!context_.request_id.empty())
      http.headers.emplace_back("x-request-id", context_.request_id);
    if (context_.trace) http.headers.emplace_back("traceparent", NewTraceparent(*context_.trace));
    recorder_.emplace(target_->model, request_, context_, http.body);
    StatusOr<HttpResponse> head = co_await context_.http->Send(std::move(http), Limit());
    if (!head.ok()) co_return SendFailed(head.status());
    recorder_->OnResponse(*head);
    body_ = std::move(head->body);
    co_return co_await CheckHead(*head);
  }

  Status SendFailed(const Status& status) {
    const ErrorInfo info = GetErrorInfo(status);
    if (info.reason == reason::kDeadline) return LimitPassed();
    const auto sent = info.metadata.find("request_sent");
    if ((sent != info.metadata.end() && sent->second == "false") ||
        info.reason == reason::kInvalidArgument || info.reason == reason::kUpstreamDns ||
        info.reason == reason::kUpstreamConnect || info.reason == reason::kUpstreamTls ||
        info.reason == reason::kConnectTimeout) {
      recorder_->NotBilled();
    }
    return status;
  }

  asio::awaitable<Status> CheckHead(const HttpResponse& head) {
    if (head.status < 200 || head.status > 299) {
      recorder_->NotBilled();
      const std::string body = co_await ReadErrorBody();
      co_return target_->translator->DecodeError(head, body);
    }
    if (const auto wait = ExhaustedFor(head, std::chrono::system_clock::now())) {
      target_->state->NotBefore(target_->model, Deadline::Clock::now() + *wait);
    }
    const std::string type = MediaType(head);
    if (type == "application/json") co_return co_await ReadWhole();
    // A server that names no type may still stream.
    if (type != "text/event-stream" && !type.empty()) {
      co_return MakeError(StatusCode::kUnavailable, "the answer is no event stream",
                          reason::kUpstreamProtocol);
    }
    decoder_ = target_->translator->NewDecoder();
    co_return Status();
  }

  // As much of an error's body as can matter.
  asio::awaitable<std::string> ReadErrorBody() {
    constexpr std::size_t kMostBytes = 64 * 1024;
    constexpr milliseconds kMostTime(2000);
    const Deadline deadline = Deadline::Earliest(Limit(), Deadline::After(kMostTime));
    std::string text;
    while (text.size() < kMostBytes) {
      const StatusOr<std::optional<std::string>> bytes = co_await body_->Next(deadline);
      if (!bytes.ok() || !bytes->has_value()) break;
      text += **bytes;
    }
    co_return text;
  }

  // An answer that is not streamed although that was asked for.
  asio::awaitable<Status> ReadWhole() {
    std::string text;
    while (!at_end_) {
      if (Limit().Passed()) co_return LimitPassed();
      const StatusOr<std::optional<std::string>> bytes = co_await body_->Next(Limit());
      if (!bytes.ok()) co_return ReadFailed(bytes.status());
      at_end_ = !bytes->has_value();
      if (!at_end_) text += **bytes;
    }
    StatusOr<ChatDelta> whole = target_->translator->DecodeWhole(text);
    if (!whole.ok()) co_return Reported(whole.status());
    Take(*whole);
    whole_ = std::move(*whole);
    co_return Status();
  }

  // The next delta; nullopt when the answer is complete.
  asio::awaitable<MaybeDelta> Read() {
    if (!decoder_) co_return std::exchange(whole_, std::nullopt);
    bool has_read = false;
    while (!decoder_->Done()) {
      if (const std::optional<SseEvent> event = parser_.Next()) {
        MaybeDelta delta = decoder_->Decode(*event);
        if (!delta.ok()) co_return Reported(delta.status());
        if (delta->has_value() && Take(**delta)) co_return delta;
      } else if (!at_end_) {
        // For the idle limit, bytes that are here already are never too late; comments that come
        // without a pause are.
        const bool is_late = std::exchange(has_read, true) ? Limit().Passed() : End().Passed();
        if (is_late) co_return LimitPassed();
        const Status status = co_await ReadMore();
        if (!status.ok()) co_return status;
      } else if (decoder_->CompleteAtEnd()) {
        break;
      } else {
        co_return MakeError(StatusCode::kUnavailable, "the answer broke off",
                            reason::kUpstreamIncomplete);
      }
    }
    co_return std::optional<ChatDelta>();
  }

  asio::awaitable<Status> ReadMore() {
    const StatusOr<std::optional<std::string>> bytes = co_await body_->Next(Limit());
    if (!bytes.ok()) co_return ReadFailed(bytes.status());
    if (bytes->has_value()) co_return parser_.Feed(**bytes);
    at_end_ = true;
    parser_.Finish();
    co_return Status();
  }

  // Records a delta; false where nothing in it is for the reader or re-arms the idle limit. Usage
  // is kept back: the end has it, priced.
  bool Take(ChatDelta& delta) {
    recorder_->OnDelta(delta);
    delta.usage.reset();
    const bool is_news = delta.IsPayload() || delta.finish_reason;
    idle_ = idle_ || is_news;
    return is_news;
  }

  std::optional<ChatDelta> Complete() {
    complete_ = true;
    ChatDelta delta;
    delta.usage = recorder_->CurrentUsage();
    recorder_->Finish(Status());
    return delta;
  }

  // A connection can be used again only if the message was read to its end, which comes right
  // behind the marker, if ever. Whoever waits for the end waits that long at most.
  asio::awaitable<void> ReadEnd() {
    constexpr milliseconds kMostTime(10);
    constexpr int kMostReads = 4;
    const Deadline deadline = Deadline::After(kMostTime);
    for (int i = 0; i < kMostReads && !at_end_; ++i) {
      const StatusOr<std::optional<std::string>> bytes = co_await body_->Next(deadline);
      at_end_ = !bytes.ok() || !bytes->has_value();
    }
    body_.reset();
  }

  // By when all must be over, whatever comes.
  Deadline End() const { return Deadline::Earliest(context_.deadline, total_); }
  Deadline Limit() const { return Deadline::Earliest(End(), phase_); }

  // Which of the limits it was.
  Status LimitPassed() const {
    const TimeoutConfig& timeouts = target_->model.timeouts;
    if (Limit() == context_.deadline) return DeadlinePassed();
    if (Limit() == total_) {
      return TimedOut(reason::kTotalTimeout, "total", "no complete answer", timeouts.total);
    }
    if (idle_) return TimedOut(reason::kIdleTimeout, "idle", "nothing new", timeouts.idle);
    return TimedOut(reason::kFirstTokenTimeout, "first_token", "no first token",
                    timeouts.first_token);
  }

  Status TimedOut(const char* reason, const std::string& key, const std::string& what,
                  milliseconds limit) const {
    ErrorInfo info;
    info.reason = reason;
    info.metadata["config_key"] = "models." + target_->model.name + ".timeouts." + key;
    return MakeError(StatusCode::kDeadlineExceeded, what + " within " + Text(limit),
                     std::move(info));
  }

  Status ReadFailed(const Status& status) const {
    return status.code() == StatusCode::kDeadlineExceeded ? LimitPassed() : status;
  }

  // A provider that reports a failure before it wrote anything does not charge for it.
  Status Reported(const Status& status) {
    const std::string reason = GetErrorInfo(status).reason;
    if (!recorder_->has_payload() && reason != reason::kUpstreamProtocol &&
        reason != reason::kUpstreamIncomplete) {
      recorder_->NotBilled();
    }
    return status;
  }

  // Ends the attempt, and says whose failure it is and where to look.
  Status Fail(const Status& status) {
    const ModelConfig& model = target_->model;
    ErrorInfo info = GetErrorInfo(status);
    info.metadata["model"] = model.name;
    info.metadata["provider"] = model.provider;
    // A limit that passed has named its key.
    const auto named = info.metadata.find("config_key");
    const Advice advice = named != info.metadata.end() ? Check(named->second)
                                                       : AdviceOn(info, target_->provider, model);
    if (!advice.config_key.empty()) info.metadata["config_key"] = advice.config_key;
    std::string message =
        "model `" + model.name + "` at provider `" + model.provider + "`: " + MessageOf(status);
    if (!advice.text.empty()) message += "; " + advice.text;
    Status error = MakeError(status.code(), message, std::move(info));
    body_.reset();
    if (recorder_) recorder_->Finish(error);
    return error;
  }

  const std::shared_ptr<const Target> target_;
  const std::shared_ptr<const ChatRequest> request_;
  const CallContext context_;
  std::optional<AttemptRecorder> recorder_;
  std::unique_ptr<HttpBody> body_;
  std::unique_ptr<StreamDecoder> decoder_;  // null: not streamed
  SseParser parser_;
  std::optional<ChatDelta> whole_;
  Deadline total_;
  Deadline phase_;     // of the first token, then of idleness
  bool idle_ = false;  // which of the two
  bool started_ = false;
  bool at_end_ = false;  // of the HTTP message
  bool complete_ = false;
};

}  // namespace

HttpModelClient::HttpModelClient(ProviderConfig provider, ModelConfig model,
                                 std::shared_ptr<TargetState> state) {
  const Translator* translator = FindTranslator(provider.dialect);
  target_ = std::make_shared<const Target>(
      Target{std::move(provider), std::move(model), translator, std::move(state)});
}

std::unique_ptr<DeltaStream> HttpModelClient::Complete(std::shared_ptr<const ChatRequest> request,
                                                       CallContext context) {
  return std::make_unique<AttemptStream>(target_, std::move(request), std::move(context));
}

}  // namespace mom
