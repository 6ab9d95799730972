#include "service/contract/tool_choice.h"

#include <algorithm>

#include "service/base/json_reader.h"
#include "service/contract/exact_json.h"

namespace mom {
namespace {

// nullopt where `object` is none, or has no string of that name.
std::optional<std::string> StringAt(const rapidjson::Value& object, const char* name) {
  if (!object.IsObject()) return std::nullopt;
  const auto member = object.FindMember(name);
  if (member == object.MemberEnd() || KindOf(member->value) != JsonKind::kString) {
    return std::nullopt;
  }
  return std::string(Decoded(ViewOf(member->value)));
}

std::optional<std::string> StringIn(std::string_view json) {
  std::vector<std::string> strings = ReadJsonStrings(json);
  if (!json.starts_with('"') || strings.size() != 1) return std::nullopt;
  return std::move(strings.front());
}

// The functions that a list of tools names, also in the Responses API's form, without the object
// around the name. Other kinds of tool make no calls here. nullopt: it cannot be read.
std::optional<std::vector<std::string>> FunctionsIn(std::string_view list) {
  const std::optional<rapidjson::Document> tools = ParseExactJson(list);
  if (!tools || !tools->IsArray()) return std::nullopt;
  std::vector<std::string> names;
  for (const rapidjson::Value& tool : tools->GetArray()) {
    const std::optional<std::string> type = StringAt(tool, "type");
    if (!type) return std::nullopt;
    if (*type != "function") continue;
    const auto function = tool.FindMember("function");
    std::optional<std::string> name =
        StringAt(function == tool.MemberEnd() ? tool : function->value, "name");
    if (!name) return std::nullopt;
    names.push_back(*std::move(name));
  }
  return names;
}

// A choice that names one function comes here where it has further keys.
CallLimits LimitsOfRaw(std::string_view json) {
  CallLimits limits;
  const std::optional<std::string> type = StringIn(JsonMember(json, {"type"}));
  if (type == "function") {
    std::optional<std::string> name = StringIn(JsonMember(json, {"function", "name"}));
    limits.must_call = true;
    if (name) limits.tools = std::vector<std::string>{*std::move(name)};
  } else if (type == "allowed_tools") {
    const std::string_view inner = JsonMember(json, {"allowed_tools"});
    const std::string_view allowed = inner.empty() ? json : inner;  // as the Responses API has it
    limits.must_call = StringIn(JsonMember(allowed, {"mode"})) == "required";
    limits.tools = FunctionsIn(JsonMember(allowed, {"tools"}));
  }
  return limits;
}

}  // namespace

bool CallLimits::Allows(std::string_view tool) const {
  return may_call && (!tools || std::find(tools->begin(), tools->end(), tool) != tools->end());
}

CallLimits LimitsOf(const std::optional<ToolChoice>& choice) {
  CallLimits limits;
  if (!choice) return limits;
  switch (choice->mode) {
    case ToolChoice::Mode::kAuto:
      break;
    case ToolChoice::Mode::kNone:
      limits.may_call = false;
      break;
    case ToolChoice::Mode::kRequired:
      limits.must_call = true;
      break;
    case ToolChoice::Mode::kFunction:
      limits.must_call = true;
      limits.tools = std::vector<std::string>{choice->value};
      break;
    case ToolChoice::Mode::kRaw:
      return LimitsOfRaw(choice->value);
  }
  return limits;
}

}  // namespace mom
