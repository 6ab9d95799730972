#include "rest_shim/chat_completions.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rest_shim/openai_error.h"
#include "rest_shim/progress_text.h"
#include "service/base/ascii.h"
#include "service/base/log.h"
#include "service/base/reasons.h"
#include "service/base/trace_context.h"

namespace mom::rest {
namespace {

using Event = v1::SynthesizeStreamResponse;

bool IsJson(const HttpRequest& request) {
  const std::string_view header = request.Header("content-type");
  const std::string type = LowerCase(header.substr(0, header.find_first_of("; ")));
  // A page of any site can make a browser send a body without a type; programs have no origin.
  if (type.empty()) return request.Header("origin").empty();
  return type == "application/json" || type.ends_with("+json");
}

void LogFailure(const HttpRequest& request, const Status& status) {
  const std::string reason = GetErrorInfo(status).reason;
  const std::string message = MessageOf(status);
  Log(LogLevel::kInfo, "request_failed",
      {{"request_id", std::string_view(request.id)},
       {"reason", std::string_view(reason)},
       {"message", std::string_view(message)}});
}

HttpResponse ResponseTo(const HttpRequest& request, const Status& status) {
  LogFailure(request, status);
  return ErrorResponse(ApiErrorOf(status));
}

Status EndedEarly() {
  return MakeError(StatusCode::kInternal, "the stream ended without its last message",
                   reason::kInternal);
}

// What it means that the service went away after a part of the answer was sent: not that it has too
// much to do.
Status AsCutAnswer(const Status& failure) {
  ErrorInfo info = GetErrorInfo(failure);
  if (failure.code() != StatusCode::kUnavailable || info.reason == reason::kAnswerCut) {
    return failure;
  }
  info.metadata["cause"] = std::exchange(info.reason, reason::kAnswerCut);
  info.retry_after.reset();
  return MakeError(StatusCode::kUnavailable,
                   "The answer broke off before its end, as the MoM service went away; discard it "
                   "and send the request again.",
                   std::move(info));
}

// Events of the service in, events of the client out.
class StreamRelay {
 public:
  StreamRelay(SseWriter& sse, ChunkWriter& chunks, bool shows_progress)
      : sse_(sse), chunks_(chunks), shows_progress_(shows_progress) {}

  // Takes one event in. Gives false where the client is gone, or the failure of the answer.
  asio::awaitable<StatusOr<bool>> Take(const Event& event) {
    switch (event.event_case()) {
      case Event::kStarted:
        chunks_.Start(event.started());
        if (!event.started().strategy().empty()) {
          sse_.AddHeader("x-mom-strategy", event.started().strategy());
        }
        break;
      case Event::kDelta: {
        const std::vector<std::string> chunks = chunks_.DeltaChunks(event.delta());
        if (chunks.empty()) co_return true;
        for (const std::string& chunk : chunks) sse_.Add(chunk);
        text_sent_ = true;
        co_return co_await sse_.Flush();
      }
      case Event::kCompleted: {
        const auto last = chunks_.FinishChunks(event.completed());
        if (!last.ok()) co_return last.status();
        for (const std::string& chunk : *last) sse_.Add(chunk);
        completed_ = true;
        co_return co_await sse_.End();
      }
      default:  // heartbeats and what later versions may add
        break;
    }
    if (!shows_progress_ || text_sent_) co_return true;
    std::string progress = ProgressLine(event);
    if (progress.empty()) co_return true;
    v1::Delta delta;
    delta.set_reasoning(std::move(progress));
    for (const std::string& chunk : chunks_.DeltaChunks(delta)) sse_.Add(chunk);
    co_return co_await sse_.Flush();
  }
  bool completed() const { return completed_; }
  // Whether the client has seen a part of the answer.
  bool text_sent() const { return text_sent_; }

 private:
  SseWriter& sse_;
  ChunkWriter& chunks_;
  const bool shows_progress_;
  bool completed_ = false;
  bool text_sent_ = false;
};

// Takes events until the answer is complete (OK), it fails, or the client is gone (OK too).
asio::awaitable<Status> Relay(AnswerStream& events, SseWriter& sse, StreamRelay& relay) {
  while (!relay.completed()) {
    const bool ready = co_await events.Ready(sse.due());
    if (!ready) {
      const bool there = co_await sse.Tick();
      if (!there) co_return Status();
      continue;
    }
    const StatusOr<std::optional<Event>> event = co_await events.Next();
    if (!event.ok()) {
      co_return relay.text_sent() ? AsCutAnswer(event.status()) : event.status();
    }
    if (!event->has_value()) co_return EndedEarly();
    const StatusOr<bool> there = co_await relay.Take(**event);
    if (!there.ok()) co_return there.status();
    if (!*there) co_return Status();
  }
  co_return Status();
}

}  // namespace

CallMetadata MetadataOf(const HttpRequest& request) {
  CallMetadata metadata;
  metadata.request_id = request.id;
  const std::string_view trace = request.Header("traceparent");
  if (ParseTraceparent(trace)) metadata.traceparent = trace;
  metadata.authorization = request.Header("authorization");
  metadata.contract = request.Header("x-mom-contract");
  return metadata;
}

ChatCompletions::ChatCompletions(GatewayClient& gateway, const RestConfig& config)
    : gateway_(gateway) {
  Configure(config);
}

void ChatCompletions::Configure(const RestConfig& config) {
  commit_after_ = config.commit_after;
  keep_alive_ = config.keep_alive;
  shows_progress_ = config.progress == "reasoning";
  usage_ = config.usage == "sum" ? UsageKind::kSum : UsageKind::kAnswer;
}

asio::awaitable<void> ChatCompletions::Handle(HttpExchange& exchange) {
  if (!IsJson(exchange.request())) {
    ApiError error;
    error.kind = ErrorKind::kMediaType;
    HttpResponse response = ErrorResponse(error);
    co_await exchange.Send(std::move(response));
    co_return;
  }
  StatusOr<ChatCall> call = ParseChatCall(exchange.TakeBody());
  if (!call.ok()) {
    HttpResponse response = ResponseTo(exchange.request(), call.status());
    co_await exchange.Send(std::move(response));
  } else if (call->stream) {
    co_await SendStream(exchange, *std::move(call));
  } else {
    co_await SendWhole(exchange, *std::move(call));
  }
}

AnswerForm ChatCompletions::FormOf(const ChatCall& call) const {
  AnswerForm form;
  form.model = call.request.model();
  form.include_usage = call.include_usage;
  form.usage = usage_;
  form.calls = call.calls;
  return form;
}

asio::awaitable<void> ChatCompletions::SendWhole(HttpExchange& exchange, ChatCall call) {
  const AnswerForm form = FormOf(call);
  const auto events = gateway_.Synthesize(std::move(call.request), MetadataOf(exchange.request()));
  const StatusOr<std::optional<Event>> event = co_await events->Next();
  StatusOr<std::string> body = event.ok() ? StatusOr<std::string>(EndedEarly()) : event.status();
  HttpResponse response;
  if (event.ok() && event->has_value()) {
    const v1::SynthesizeResponse& answer = (*event)->completed();
    body = CompletionJson(answer, form);
    response.headers.emplace_back("x-mom-strategy", answer.strategy());
    if (answer.degraded()) response.headers.emplace_back("x-mom-degraded", "true");
  }
  if (body.ok()) {
    response.body = *std::move(body);
  } else {
    response = ResponseTo(exchange.request(), body.status());
  }
  co_await exchange.Send(std::move(response));
}

asio::awaitable<void> ChatCompletions::SendStream(HttpExchange& exchange, ChatCall call) {
  SseWriter sse(exchange, commit_after_, keep_alive_);
  ChunkWriter chunks(FormOf(call));
  v1::SynthesizeStreamRequest request;
  *request.mutable_request() = std::move(call.request);
  request.set_include_progress(shows_progress_);
  const auto events = gateway_.SynthesizeStream(std::move(request), MetadataOf(exchange.request()));
  StreamRelay relay(sse, chunks, shows_progress_);
  const Status status = co_await Relay(*events, sse, relay);
  if (status.ok()) co_return;
  HttpResponse response = ResponseTo(exchange.request(), status);
  if (!sse.committed()) {
    co_await exchange.Send(std::move(response));
    co_return;
  }
  // The message is left without its end: a client that knows no error events sees it cut.
  sse.Add(response.body);
  co_await sse.Flush();
}

}  // namespace mom::rest
