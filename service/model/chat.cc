#include "service/model/chat.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mom {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 6> kRoles{{
    {Role::kSystem, "system"},
    {Role::kDeveloper, "developer"},
    {Role::kUser, "user"},
    {Role::kAssistant, "assistant"},
    {Role::kTool, "tool"},
    {Role::kFunction, "function"},
}};

constexpr std::array<std::pair<FinishReason, std::string_view>, 5> kReasons{{
    {FinishReason::kStop, "stop"},
    {FinishReason::kLength, "length"},
    {FinishReason::kToolCalls, "tool_calls"},
    {FinishReason::kContentFilter, "content_filter"},
    {FinishReason::kFunctionCall, "function_call"},
}};

std::optional<std::int64_t> AddOptional(std::optional<std::int64_t> a,
                                        std::optional<std::int64_t> b) {
  if (!a) return b;
  if (!b) return a;
  return *a + *b;
}

bool HasUnknownCost(const Usage& usage) {
  return !usage.cost_nanos_usd && usage.total_tokens() > 0;
}

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

// Providers charge what is no text by its pages, pixels or seconds, which we do not know: this is
// an image of medium size.
constexpr std::int64_t kMediaTokens = 765;

std::int64_t EstimatePart(const ContentPart& part) {
  return std::visit(
      Overloaded{[](const TextPart& p) { return EstimateTokens(p.text); },
                 [](const RefusalPart& p) { return EstimateTokens(p.refusal); },
                 [](const RawPart& p) { return std::min(EstimateTokens(p.json), kMediaTokens); },
                 [](const auto&) { return kMediaTokens; }},
      part);
}

}  // namespace

Usage& Usage::operator+=(const Usage& other) {
  // A part whose cost is not known makes the whole's unknown: less would be shown than is paid.
  const bool unknown = HasUnknownCost(*this) || HasUnknownCost(other);
  prompt_tokens += other.prompt_tokens;
  completion_tokens += other.completion_tokens;
  cached_tokens = AddOptional(cached_tokens, other.cached_tokens);
  reasoning_tokens = AddOptional(reasoning_tokens, other.reasoning_tokens);
  cost_nanos_usd = AddOptional(cost_nanos_usd, other.cost_nanos_usd);
  if (unknown) cost_nanos_usd.reset();
  estimated = estimated || other.estimated;
  return *this;
}

void Completion::Append(const ChatDelta& delta) {
  text += delta.text;
  reasoning += delta.reasoning;
  refusal += delta.refusal;
  for (const ToolCallDelta& piece : delta.tool_calls) {
    const auto index = static_cast<std::size_t>(piece.index);
    if (tool_calls.size() <= index) tool_calls.resize(index + 1);
    ToolCall& call = tool_calls[index];
    if (!piece.id.empty()) call.id = piece.id;
    if (!piece.name.empty()) call.name = piece.name;
    call.arguments_json += piece.arguments_json;
    if (!piece.extra_content_json.empty()) call.extra_content_json = piece.extra_content_json;
  }
  if (delta.finish_reason) finish_reason = delta.finish_reason;
  if (delta.usage) usage = *delta.usage;
  if (!delta.upstream_model.empty()) upstream_model = delta.upstream_model;
  if (!delta.upstream_id.empty()) upstream_id = delta.upstream_id;
}

std::string_view NameOf(Role role) {
  return std::find_if(kRoles.begin(), kRoles.end(), [&](auto& r) { return r.first == role; })
      ->second;
}

std::string_view NameOf(FinishReason reason) {
  return std::find_if(kReasons.begin(), kReasons.end(), [&](auto& r) { return r.first == reason; })
      ->second;
}

std::optional<Role> RoleFromName(std::string_view name) {
  for (const auto& [role, known] : kRoles) {
    if (known == name) return role;
  }
  return std::nullopt;
}

std::int64_t EstimateTokens(std::string_view text) {
  return static_cast<std::int64_t>((text.size() + 3) / 4);
}

std::int64_t EstimatePromptTokens(const ChatRequest& request) {
  // Templates wrap each message in a few tokens.
  constexpr std::int64_t kMessageTokens = 4;
  std::int64_t sum = 0;
  for (const Message& message : request.messages) {
    sum += kMessageTokens;
    for (const ContentPart& part : message.content) sum += EstimatePart(part);
    for (const ToolCall& call : message.tool_calls) {
      sum += EstimateTokens(call.name) + EstimateTokens(call.arguments_json) +
             EstimateTokens(call.extra_content_json) + EstimateTokens(call.raw_json);
    }
  }
  for (const Tool& tool : request.tools) {
    sum += EstimateTokens(tool.raw_json.empty() ? tool.parameters_json : tool.raw_json) +
           EstimateTokens(tool.description.value_or(""));
  }
  return sum;
}

}  // namespace mom
