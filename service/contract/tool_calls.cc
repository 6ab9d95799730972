#include "service/contract/tool_calls.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

#include "service/base/json_reader.h"
#include "service/base/status.h"
#include "service/contract/canonical_json.h"

namespace mom {
namespace {

// What an answer calls a tool may be any text, which is not told.
std::string Quoted(const std::string& name) {
  constexpr std::size_t kLongest = 64;
  const bool is_name = name.size() <= kLongest && !name.empty() &&
                       std::all_of(name.begin(), name.end(), [](unsigned char c) {
                         return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
                       });
  return is_name ? "`" + name + "`" : "what is no tool's name";
}

void KeepWorse(CallsVerdict found, CallsVerdict& verdict) {
  std::vector<std::string> unchecked = std::move(verdict.unchecked);
  unchecked.insert(unchecked.end(), found.unchecked.begin(), found.unchecked.end());
  if (found.fault > verdict.fault) verdict = std::move(found);
  verdict.unchecked = std::move(unchecked);
}

}  // namespace

ToolRules::ToolRules(std::shared_ptr<const ChatRequest> request)
    : request_(std::move(request)), limits_(LimitsOf(request_->tool_choice)) {}

CallsVerdict ToolRules::Judge(const std::vector<ToolCall>& calls) {
  CallsVerdict verdict;
  for (const ToolCall& call : calls) KeepWorse(JudgeOne(call), verdict);
  CallsVerdict forbidden;
  forbidden.why = WhyNotAllowed(calls);
  if (!forbidden.why.empty()) forbidden.fault = CallsFault::kNotAllowed;
  KeepWorse(std::move(forbidden), verdict);
  if (calls.empty() && limits_.must_call) {
    verdict.fault = CallsFault::kMissing;
    verdict.why = "it calls no tool, and tool_choice demands a call";
  }
  verdict.may_go_out = MayGoOut(calls, verdict.fault);
  return verdict;
}

const JsonSchema* ToolRules::SchemaOf(const Tool& tool) {
  if (tool.parameters_json.empty()) return nullptr;
  const auto [place, is_new] = schemas_.try_emplace(&tool);
  if (is_new) {
    StatusOr<std::shared_ptr<const JsonSchema>> schema = JsonSchema::Parse(tool.parameters_json);
    if (schema.ok()) place->second = *std::move(schema);
  }
  return place->second.get();
}

CallsVerdict ToolRules::HoldToSchema(const ToolCall& call, const Tool& tool) {
  CallsVerdict verdict;
  const JsonSchema* schema = SchemaOf(tool);
  if (schema == nullptr) return verdict;
  const SchemaVerdict found = schema->Check(call.arguments_json);
  for (const std::string& what : found.unchecked) {
    verdict.unchecked.push_back(what + " in the schema of the tool " + Quoted(tool.name));
  }
  if (found.fits) return verdict;
  verdict.fault = CallsFault::kMismatch;
  verdict.why = "the arguments of its call of " + Quoted(call.name) + " do not fit: " +
                (found.violations.empty() ? "the schema" : found.violations.front());
  return verdict;
}

// What is wrong with one call by itself.
CallsVerdict ToolRules::JudgeOne(const ToolCall& call) {
  const std::vector<Tool>& tools = request_->tools;
  CallsVerdict verdict;
  const auto tool = std::find_if(tools.begin(), tools.end(), [&](const Tool& t) {
    return !call.name.empty() && t.name == call.name;
  });
  if (tool == tools.end()) {
    verdict.fault = CallsFault::kMalformed;
    verdict.why = "it calls " + Quoted(call.name) + ", which the request does not declare";
  } else if (!IsJsonObject(call.arguments_json)) {
    verdict.fault = CallsFault::kMalformed;
    verdict.why = "the arguments of its call of " + Quoted(call.name) + " are no JSON object";
  } else {
    return HoldToSchema(call, *tool);
  }
  return verdict;
}

// What of the request's own settings forbids these calls; empty: nothing does.
std::string ToolRules::WhyNotAllowed(const std::vector<ToolCall>& calls) const {
  if (calls.size() > 1 && request_->params.parallel_tool_calls == false) {
    return "it makes " + std::to_string(calls.size()) +
           " calls at once, and parallel_tool_calls is false";
  }
  if (!calls.empty() && !limits_.may_call) return "it calls a tool, and tool_choice is none";
  for (const ToolCall& call : calls) {
    if (limits_.Allows(call.name)) continue;
    return "it calls " + Quoted(call.name) + ", and tool_choice names " +
           (limits_.tools->size() == 1 ? Quoted(limits_.tools->front()) : "others");
  }
  return {};
}

std::vector<ToolCall> ToolRules::MayGoOut(const std::vector<ToolCall>& calls,
                                          CallsFault fault) const {
  if (fault == CallsFault::kMalformed) return {};
  if (fault != CallsFault::kNotAllowed) return calls;
  std::vector<ToolCall> kept;
  std::copy_if(calls.begin(), calls.end(), std::back_inserter(kept),
               [&](const ToolCall& call) { return limits_.Allows(call.name); });
  if (kept.size() > 1 && request_->params.parallel_tool_calls == false) kept.resize(1);
  return kept;
}

bool TakesCalls(const ChatRequest& request) {
  return !request.tools.empty() && LimitsOf(request.tool_choice).may_call;
}

bool DemandsCall(const ChatRequest& request) { return LimitsOf(request.tool_choice).must_call; }

std::string SignatureOf(const std::vector<ToolCall>& calls) {
  std::vector<std::pair<std::string, std::string>> sorted;
  for (const ToolCall& call : calls) {
    sorted.emplace_back(call.name,
                        CanonicalJson(call.arguments_json).value_or(call.arguments_json));
  }
  std::sort(sorted.begin(), sorted.end());
  std::string signature;
  // A name may be anything; canonical JSON has no line's end in it.
  for (const auto& [name, arguments] : sorted) {
    signature += std::to_string(name.size()) + ":" + name + arguments + "\n";
  }
  return signature;
}

std::string NamesOf(const std::vector<ToolCall>& calls) {
  std::string names;
  for (const ToolCall& call : calls) names += (names.empty() ? "" : ", ") + call.name;
  return names;
}

}  // namespace mom
