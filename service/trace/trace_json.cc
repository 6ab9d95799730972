#include "service/trace/trace_json.h"

#include <algorithm>
#include <string>
#include <utility>

#include "service/base/json_reader.h"
#include "service/model/provider_json.h"

namespace mom {
namespace {

using std::chrono::nanoseconds;
using Object = ProviderJson::Object;

// A body that was sent is nested in a file, and a schema of kMaxJsonDepth in the body.
constexpr int kMaxDepth = 2 * kMaxJsonDepth;
// Decades. Sums of such times do not overflow.
constexpr nanoseconds kLongest = std::chrono::hours(24 * 365 * 30);

Status Wrong(const std::string& what) { return absl::InvalidArgumentError(what); }

std::optional<double> FindNumber(Object object, std::string_view key) {
  double value = 0;
  if (object.at_key(key).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

bool FindBool(Object object, std::string_view key) {
  bool value = false;
  return object.at_key(key).get(value) == simdjson::SUCCESS && value;
}

std::optional<nanoseconds> FindMilliseconds(Object object, std::string_view key) {
  using Milliseconds = std::chrono::duration<double, std::milli>;
  const std::optional<double> value = FindNumber(object, key);
  if (!value || !(*value >= 0 && Milliseconds(*value) <= kLongest)) return std::nullopt;
  return std::chrono::duration_cast<nanoseconds>(Milliseconds(*value));
}

std::optional<std::chrono::system_clock::time_point> FindUnixTime(Object object,
                                                                  std::string_view key) {
  constexpr double kMost = 9e9;  // the clock's own end is not much later
  const std::optional<double> value = FindNumber(object, key);
  if (!value || !(*value >= 0 && *value <= kMost)) return std::nullopt;
  return std::chrono::system_clock::time_point(
      std::chrono::duration_cast<std::chrono::system_clock::duration>(
          std::chrono::duration<double>(*value)));
}

template <typename Read>
void ForEachObject(Object object, std::string_view key, Read read) {
  const auto array = FindArray(object, key);
  if (!array) return;
  for (const ProviderJson::Element element : *array) {
    Object item;
    if (element.get(item) == simdjson::SUCCESS) read(item);
  }
}

std::string AsText(ProviderJson::Element element) {
  std::string_view text;
  if (element.get(text) == simdjson::SUCCESS) return std::string(text);
  return simdjson::minify(element);
}

std::vector<std::string> ReadTexts(Object object, std::string_view key) {
  std::vector<std::string> texts;
  const auto array = FindArray(object, key);
  if (!array) return texts;
  for (const ProviderJson::Element element : *array) texts.push_back(AsText(element));
  return texts;
}

// What a content part says, or its type in brackets.
std::string PartText(Object part) {
  const std::string type = FindString(part, "type");
  if (type == "text") return FindString(part, "text");
  if (type == "refusal") return FindString(part, "refusal");
  return "[" + (type.empty() ? "?" : type) + "]";
}

void AddLine(std::string& text, const std::string& line) {
  if (!text.empty()) text += "\n";
  text += line;
}

TraceMessage ReadMessage(Object object) {
  TraceMessage message;
  message.role = FindString(object, "role");
  message.text = FindString(object, "content");
  ForEachObject(object, "content", [&](Object part) { AddLine(message.text, PartText(part)); });
  ForEachObject(object, "tool_calls", [&](Object call) {
    const auto function = FindObject(call, "function");
    AddLine(message.text, function ? "[calls " + FindString(*function, "name") + "(" +
                                         FindString(*function, "arguments") + ")]"
                                   : simdjson::minify(call));
  });
  return message;
}

// The messages of a body in OpenAI's form; of another form, the body itself as one message.
std::vector<TraceMessage> ReadConversation(Object object, std::string_view key) {
  std::vector<TraceMessage> messages;
  const auto body = FindObject(object, key);
  if (!body) return messages;
  if (!FindArray(*body, "messages")) {
    messages.push_back({"", simdjson::minify(*body)});
    return messages;
  }
  ForEachObject(*body, "messages",
                [&](Object message) { messages.push_back(ReadMessage(message)); });
  return messages;
}

std::optional<TraceError> ReadError(Object object) {
  const auto found = FindObject(object, "error");
  if (!found) return std::nullopt;
  return TraceError{FindString(*found, "code"), FindString(*found, "reason"),
                    FindString(*found, "message")};
}

Usage ReadUsage(Object object) {
  Usage usage;
  const auto found = FindObject(object, "usage");
  if (!found) return usage;
  usage.prompt_tokens = FindInt(*found, "prompt_tokens").value_or(0);
  usage.completion_tokens = FindInt(*found, "completion_tokens").value_or(0);
  usage.cached_tokens = FindInt(*found, "cached_tokens");
  usage.reasoning_tokens = FindInt(*found, "reasoning_tokens");
  usage.estimated = FindBool(*found, "estimated");
  usage.cost_nanos_usd = FindInt(*found, "cost_nanos_usd");
  return usage;
}

TraceOutput ReadOutput(Object object) {
  TraceOutput output;
  const auto found = FindObject(object, "answer");
  if (!found) return output;
  output.text = FindString(*found, "text");
  output.reasoning = FindString(*found, "reasoning");
  output.refusal = FindString(*found, "refusal");
  output.finish_reason = FindString(*found, "finish_reason");
  ForEachObject(*found, "tool_calls", [&](Object item) {
    ToolCall call;
    call.id = FindString(item, "id");
    call.name = FindString(item, "name");
    if (const auto arguments = Find(item, "arguments")) call.arguments_json = AsText(*arguments);
    output.tool_calls.push_back(std::move(call));
  });
  return output;
}

TraceStage ReadStage(Object object) {
  return {FindString(object, "name"), FindString(object, "model"), FindString(object, "detail"),
          FindMilliseconds(object, "at_ms")};
}

TraceCandidate ReadCandidate(Object object) {
  TraceCandidate candidate;
  candidate.number = static_cast<int>(FindInt(object, "number").value_or(0));
  candidate.model = FindString(object, "model");
  candidate.state = FindString(object, "state");
  candidate.grade = FindString(object, "grade");
  candidate.why = FindString(object, "why");
  candidate.latency = FindMilliseconds(object, "latency_ms").value_or(nanoseconds(0));
  candidate.time_to_first_token = FindMilliseconds(object, "time_to_first_token_ms");
  candidate.error = ReadError(object);
  candidate.answer = ReadOutput(object);
  return candidate;
}

}  // namespace

Status ReadRequestJson(std::string_view json, Trace& trace) {
  ProviderJson parser(kMaxDepth);
  const auto object = parser.Parse(json);
  if (!object) return Wrong("no JSON object");
  trace.request_id = FindString(*object, "request_id");
  if (trace.request_id.empty()) return Wrong("has no request_id");
  const auto created = FindUnixTime(*object, "created");
  if (!created) return Wrong("has no time in `created`");
  trace.created = *created;
  trace.id = FindString(*object, "id");
  trace.model = FindString(*object, "model");
  trace.streaming = FindBool(*object, "streaming");
  trace.config_generation = FindInt(*object, "config_generation").value_or(0);
  trace.conversation = ReadConversation(*object, "chat");
  return Status();
}

Status ReadAttemptJson(std::string_view json, Trace& trace) {
  ProviderJson parser(kMaxDepth);
  const auto object = parser.Parse(json);
  if (!object) return Wrong("no JSON object");
  TraceAttempt attempt;
  attempt.model = FindString(*object, "model");
  if (attempt.model.empty()) return Wrong("has no model");
  const auto started = FindUnixTime(*object, "started");
  if (!started) return Wrong("has no time in `started`");
  // The wall clock may have been set back meanwhile.
  attempt.start = std::clamp(nanoseconds(*started - trace.created), nanoseconds(0), kLongest);
  attempt.number = static_cast<int>(FindInt(*object, "number").value_or(0));
  attempt.try_number = static_cast<int>(FindInt(*object, "try").value_or(1));
  attempt.role = FindString(*object, "role");
  attempt.candidate = static_cast<int>(FindInt(*object, "candidate").value_or(0));
  attempt.provider = FindString(*object, "provider");
  attempt.latency = FindMilliseconds(*object, "latency_ms").value_or(nanoseconds(0));
  attempt.time_to_first_token = FindMilliseconds(*object, "time_to_first_token_ms");
  attempt.http_status = static_cast<int>(FindInt(*object, "http_status").value_or(0));
  attempt.upstream_model = FindString(*object, "upstream_model");
  attempt.upstream_request_id = FindString(*object, "upstream_request_id");
  attempt.error = ReadError(*object);
  attempt.usage = ReadUsage(*object);
  attempt.sent = ReadConversation(*object, "sent");
  attempt.answer = ReadOutput(*object);
  trace.attempts.push_back(std::move(attempt));
  return Status();
}

Status ReadAnswerJson(std::string_view json, Trace& trace) {
  ProviderJson parser(kMaxDepth);
  const auto object = parser.Parse(json);
  if (!object) return Wrong("no JSON object");
  trace.strategy = FindString(*object, "strategy");
  trace.strategy_reason = FindString(*object, "strategy_reason");
  trace.contract = FindString(*object, "contract");
  trace.latency = FindMilliseconds(*object, "latency_ms").value_or(nanoseconds(0));
  trace.error = ReadError(*object);
  trace.answered_by = FindString(*object, "answered_by");
  if (!trace.error && trace.answered_by.empty()) return Wrong("has neither answer nor error");
  trace.answer = ReadOutput(*object);
  trace.degraded_reasons = ReadTexts(*object, "degraded_reasons");
  trace.notes = ReadTexts(*object, "notes");
  ForEachObject(*object, "stages", [&](Object item) { trace.stages.push_back(ReadStage(item)); });
  ForEachObject(*object, "candidates",
                [&](Object item) { trace.candidates.push_back(ReadCandidate(item)); });
  return Status();
}

}  // namespace mom
