#include "tests/testing/emulator/reply.h"

#include <algorithm>
#include <ctime>

#include "service/base/json_writer.h"
#include "tests/testing/emulator/answer_builder.h"
#include "tests/testing/emulator/reply_text.h"

namespace mom::testing {
namespace {

constexpr std::string_view kJson = "application/json";

std::string Quoted(std::string_view text) {
  JsonWriter writer;
  writer.String(text);
  return writer.TakeString();
}

// The start of every object of an answer, up to and without the choices.
std::string Opening(std::string_view object, const std::string& model, std::uint64_t serial) {
  return "{\"id\":\"chatcmpl-emulator-" + std::to_string(serial) + "\",\"object\":\"" +
         std::string(object) + "\",\"created\":" + std::to_string(std::time(nullptr)) +
         ",\"model\":" + Quoted(model) + ",";
}

std::string ErrorJson(const ScriptedCall& call) {
  const std::string error = call.error.empty()
                                ? R"({"message":"scripted error","type":"emulator_error",)"
                                  R"("param":null,"code":null})"
                                : call.error;
  return "{\"error\":" + error + "}";
}

// Whether the client is told that nothing was done for the call.
bool IsRefused(const ScriptedFault& fault) {
  const bool says_so =
      fault.kind == ScriptedFault::Kind::kRefuse || fault.kind == ScriptedFault::Kind::kGoAway;
  return says_so && !fault.after_tokens && !fault.after_bytes;
}

std::string FinishReason(const ScriptedCall& call) {
  if (!call.finish_reason) return call.tool_calls.empty() ? "\"stop\"" : "\"tool_calls\"";
  return call.finish_reason->empty() ? "null" : Quoted(*call.finish_reason);
}

}  // namespace

Reply::Reply(ScriptedCall call)
    : call_(std::move(call)),
      deltas_(DeltasOf(call_)),
      message_(AssistantMessage(call_)),
      finish_reason_(FinishReason(call_)) {}

Answer Reply::Render(const Question& question, std::uint64_t serial, HttpVersion version) const {
  AnswerBuilder builder(call_, version);
  const bool good = call_.status >= 200 && call_.status < 300;
  if (!call_.raw.empty()) {
    for (const RawStep& step : call_.raw) {
      builder.Pause(step.delay);
      builder.Raw(step.send);
    }
  } else if (call_.body) {
    builder.CountTokens(call_.usage.completion.value_or(0));
    builder.WholeBody(kJson, *call_.body);
  } else if (!good) {
    builder.WholeBody(kJson, ErrorJson(call_));
  } else if (question.stream) {
    RenderStream(question, serial, builder);
  } else {
    RenderUnary(question, serial, builder);
  }
  Answer answer = builder.Finish();
  if (IsRefused(call_.fault)) {
    answer.status = 0;
    return answer;
  }
  if (good) answer.prompt_tokens = call_.usage.prompt.value_or(question.prompt_tokens);
  return answer;
}

template <typename SendToken>
void Reply::Speak(AnswerBuilder& builder, const SendToken& send) const {
  const std::size_t count = SpokenTokens();
  for (std::size_t i = 0; i < count; ++i) {
    builder.TokenBoundary();
    builder.Pause(i == 0 ? call_.first_token_delay : call_.pace);
    builder.Gates(static_cast<std::int64_t>(i));
    send(i);
    builder.CountTokens(1);
  }
  builder.TokenBoundary();
  builder.Gates(static_cast<std::int64_t>(count));
  // Where the script claims another number, that one is billed for the whole answer.
  if (call_.error.empty()) builder.CountTokens(CompletionTokens() - builder.tokens());
}

void Reply::RenderStream(const Question& question, std::uint64_t serial,
                         AnswerBuilder& builder) const {
  const std::string opening = Opening("chat.completion.chunk", ModelOf(question), serial);
  const bool with_usage = question.include_usage && !call_.usage.none;
  const std::string before_delta = "data: " + opening + "\"choices\":[{\"index\":0,\"delta\":";
  const std::string after_choice = with_usage ? "}],\"usage\":null}\n\n" : "}]}\n\n";
  const std::string after_delta = ",\"logprobs\":null,\"finish_reason\":null" + after_choice;

  builder.ChunkedHead("text/event-stream", ": emulator waits\n\n");
  const bool fails_at_once = !call_.error.empty() && SpokenTokens() == 0;
  if (!fails_at_once) {
    builder.Body(before_delta + R"({"role":"assistant","content":""})" + after_delta);
  }
  std::string event;
  Speak(builder, [&](std::size_t i) {
    event.assign(before_delta).append(deltas_[i]).append(after_delta);
    builder.Body(event);
  });
  if (!call_.error.empty()) {
    builder.Body("data: " + ErrorJson(call_) + "\n\n");
  } else {
    if (finish_reason_ != "null") {
      builder.Body(before_delta + "{},\"logprobs\":null,\"finish_reason\":" + finish_reason_ +
                   after_choice);
    }
    if (with_usage) {
      builder.Body("data: " + opening +
                   "\"choices\":[],\"usage\":" + UsageJson(question.prompt_tokens) + "}\n\n");
    }
  }
  if (call_.done.value_or(call_.error.empty())) builder.Body("data: [DONE]\n\n");
}

void Reply::RenderUnary(const Question& question, std::uint64_t serial,
                        AnswerBuilder& builder) const {
  const bool drips = call_.drip_every.count() > 0;
  if (drips) builder.ChunkedHead(kJson, "\n");
  Speak(builder, [](std::size_t) {});
  const std::string body =
      call_.error.empty() ? CompletionJson(question, serial) : ErrorJson(call_);
  if (drips) {
    builder.Body(body);
  } else {
    builder.WholeBody(kJson, body);
  }
}

std::string Reply::CompletionJson(const Question& question, std::uint64_t serial) const {
  std::string json = Opening("chat.completion", ModelOf(question), serial) +
                     "\"choices\":[{\"index\":0,\"message\":" + message_ +
                     ",\"logprobs\":null,\"finish_reason\":" + finish_reason_ + "}]";
  if (!call_.usage.none) json += ",\"usage\":" + UsageJson(question.prompt_tokens);
  return json + "}";
}

const std::string& Reply::ModelOf(const Question& question) const {
  return call_.model.empty() ? question.model : call_.model;
}

std::string Reply::UsageJson(std::int64_t prompt_tokens) const {
  const std::int64_t prompt = call_.usage.prompt.value_or(prompt_tokens);
  const std::int64_t completion = CompletionTokens();
  JsonWriter writer;
  writer.BeginObject().Field("prompt_tokens", prompt).Field("completion_tokens", completion);
  writer.Field("total_tokens", prompt + completion);
  if (call_.usage.cached) {
    writer.Key("prompt_tokens_details").BeginObject();
    writer.Field("cached_tokens", *call_.usage.cached).EndObject();
  }
  if (call_.usage.reasoning) {
    writer.Key("completion_tokens_details").BeginObject();
    writer.Field("reasoning_tokens", *call_.usage.reasoning).EndObject();
  }
  writer.EndObject();
  return writer.TakeString();
}

std::int64_t Reply::CompletionTokens() const {
  return call_.usage.completion.value_or(static_cast<std::int64_t>(deltas_.size()));
}

std::size_t Reply::SpokenTokens() const {
  if (call_.error.empty()) return deltas_.size();
  return std::min(deltas_.size(), static_cast<std::size_t>(call_.error_after_tokens));
}

}  // namespace mom::testing
