#include "service/contract/tool_calls.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <utility>

#include "service/base/json_reader.h"
#include "service/base/status.h"
#include "service/contract/canonical_json.h"
#include "service/contract/json_schema.h"

namespace mom {
namespace {

using Mode = ToolChoice::Mode;

std::string Quoted(const std::string& name) { return "`" + name + "`"; }

// Judges calls one by one; a tool's schema is read once, however many calls it has.
class CallCheck {
 public:
  explicit CallCheck(const std::vector<Tool>& tools) : tools_(tools) {}

  // What is wrong with one call by itself.
  CallsVerdict Check(const ToolCall& call) {
    CallsVerdict verdict;
    const auto tool = std::find_if(tools_.begin(), tools_.end(), [&](const Tool& t) {
      return !call.name.empty() && t.name == call.name;
    });
    if (tool == tools_.end()) {
      verdict.fault = CallsFault::kMalformed;
      verdict.why = "calls " + Quoted(call.name) + ", which the request does not declare";
    } else if (!IsJsonObject(call.arguments_json)) {
      verdict.fault = CallsFault::kMalformed;
      verdict.why = "the arguments of its call of " + Quoted(call.name) + " are no JSON object";
    } else if (const std::string misfit = Misfit(call, *tool); !misfit.empty()) {
      verdict.fault = CallsFault::kMismatch;
      verdict.why = "the arguments of its call of " + Quoted(call.name) + " do not fit: " + misfit;
    }
    return verdict;
  }

 private:
  // Where a call's arguments do not fit the tool's schema; empty: they do, or that cannot be
  // judged.
  std::string Misfit(const ToolCall& call, const Tool& tool) {
    if (tool.parameters_json.empty()) return {};
    const auto [schema, is_new] = schemas_.try_emplace(&tool);
    if (is_new) {
      StatusOr<std::shared_ptr<const JsonSchema>> read = JsonSchema::Parse(tool.parameters_json);
      if (read.ok()) schema->second = *std::move(read);
    }
    if (schema->second == nullptr) return {};
    const SchemaVerdict verdict = schema->second->Check(call.arguments_json);
    if (verdict.fits) return {};
    return verdict.violations.empty() ? "the schema" : verdict.violations.front();
  }

  const std::vector<Tool>& tools_;
  std::map<const Tool*, std::shared_ptr<const JsonSchema>> schemas_;  // null: it is none
};

// What of the request's own settings forbids these calls; empty: nothing does.
std::string WhyNotAllowed(const std::vector<ToolCall>& calls, const ChatRequest& request) {
  if (calls.size() > 1 && request.params.parallel_tool_calls == false) {
    return "makes " + std::to_string(calls.size()) +
           " calls at once, and parallel_tool_calls is false";
  }
  if (!request.tool_choice) return {};
  if (request.tool_choice->mode == Mode::kNone) return "calls a tool, and tool_choice is none";
  if (request.tool_choice->mode != Mode::kFunction) return {};
  const std::string& wanted = request.tool_choice->value;
  for (const ToolCall& call : calls) {
    if (call.name != wanted) {
      return "calls " + Quoted(call.name) + ", and tool_choice names " + Quoted(wanted);
    }
  }
  return {};
}

void KeepWorse(CallsVerdict found, CallsVerdict& verdict) {
  if (found.fault > verdict.fault) verdict = std::move(found);
}

}  // namespace

CallsVerdict CheckToolCalls(const std::vector<ToolCall>& calls, const ChatRequest& request) {
  CallsVerdict verdict;
  CallCheck check(request.tools);
  for (const ToolCall& call : calls) KeepWorse(check.Check(call), verdict);
  CallsVerdict forbidden;
  forbidden.why = WhyNotAllowed(calls, request);
  if (!forbidden.why.empty()) forbidden.fault = CallsFault::kNotAllowed;
  KeepWorse(std::move(forbidden), verdict);
  return verdict;
}

std::vector<ToolCall> CallsThatMayGoOut(const std::vector<ToolCall>& calls,
                                        const ChatRequest& request) {
  const CallsFault fault = CheckToolCalls(calls, request).fault;
  if (fault == CallsFault::kMalformed) return {};
  if (fault != CallsFault::kNotAllowed) return calls;
  std::vector<ToolCall> kept;
  if (request.tool_choice && request.tool_choice->mode == Mode::kNone) return kept;
  std::copy_if(calls.begin(), calls.end(), std::back_inserter(kept), [&](const ToolCall& call) {
    return !request.tool_choice || request.tool_choice->mode != Mode::kFunction ||
           call.name == request.tool_choice->value;
  });
  if (kept.size() > 1 && request.params.parallel_tool_calls == false) kept.resize(1);
  return kept;
}

bool TakesCalls(const ChatRequest& request) {
  const bool forbids = request.tool_choice && request.tool_choice->mode == ToolChoice::Mode::kNone;
  return !request.tools.empty() && !forbids;
}

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
