#include "service/rpc/extra_body.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <string_view>

#include "service/base/json_reader.h"
#include "service/base/json_writer.h"

namespace mom {
namespace {

using google::protobuf::ListValue;
using google::protobuf::Struct;
using google::protobuf::Value;
using Members = std::vector<std::pair<std::string, std::string>>;

// What MoM itself decides, or would not understand in the answer.
constexpr std::array<std::string_view, 9> kDenied = {
    "model", "messages",    "stream",          "stream_options",     "n",
    "tools", "tool_choice", "response_format", "parallel_tool_calls"};

// From here on doubles skip integers.
constexpr double kExactIntegers = 9007199254740992.0;  // 2^53

bool WriteValue(const Value& value, int depth, JsonWriter& json);

void WriteNumber(double number, JsonWriter& json) {
  if (number == std::trunc(number) && std::abs(number) <= kExactIntegers) {
    json.Int(static_cast<std::int64_t>(number));
  } else {
    json.Double(number);
  }
}

// Protobuf's map has no order of its own; a request must not change from run to run.
std::map<std::string, const Value*> Sorted(const Struct& value) {
  std::map<std::string, const Value*> sorted;
  for (const auto& [name, member] : value.fields()) sorted.emplace(name, &member);
  return sorted;
}

bool WriteStruct(const Struct& value, int depth, JsonWriter& json) {
  json.BeginObject();
  for (const auto& [key, member] : Sorted(value)) {
    json.Key(key);
    if (!WriteValue(*member, depth, json)) return false;
  }
  json.EndObject();
  return true;
}

bool WriteList(const ListValue& value, int depth, JsonWriter& json) {
  json.BeginArray();
  for (const Value& item : value.values()) {
    if (!WriteValue(item, depth, json)) return false;
  }
  json.EndArray();
  return true;
}

// False where JSON has no form for the value, or it is nested too deep.
bool WriteValue(const Value& value, int depth, JsonWriter& json) {
  if (depth >= kMaxJsonDepth) return false;
  switch (value.kind_case()) {
    case Value::kNumberValue:
      if (!std::isfinite(value.number_value())) return false;
      WriteNumber(value.number_value(), json);
      return true;
    case Value::kStringValue:
      json.String(value.string_value());
      return true;
    case Value::kBoolValue:
      json.Bool(value.bool_value());
      return true;
    case Value::kStructValue:
      return WriteStruct(value.struct_value(), depth + 1, json);
    case Value::kListValue:
      return WriteList(value.list_value(), depth + 1, json);
    case Value::kNullValue:
      json.Null();
      return true;
    case Value::KIND_NOT_SET:
      return false;
  }
  return false;
}

void CheckName(const std::string& name, const std::string& path, FieldCheck& check) {
  check.Require(std::find(kDenied.begin(), kDenied.end(), name) == kDenied.end(), path,
                "must not contain `" + name + "`; use the request's own field");
}

void Put(std::string name, std::string value, Members& out) {
  const auto same = [&name](const auto& member) { return member.first == name; };
  const auto found = std::find_if(out.begin(), out.end(), same);
  if (found != out.end()) {
    found->second = std::move(value);
  } else {
    out.emplace_back(std::move(name), std::move(value));
  }
}

void AddStruct(const Struct& body, const std::string& path, FieldCheck& check, Members& out) {
  for (const auto& [name, value] : Sorted(body)) {
    CheckName(name, path, check);
    JsonWriter json;
    check.Require(WriteValue(*value, 1, json), path + "." + name,
                  "must be a JSON value without NaN or infinities, of at most " +
                      std::to_string(kMaxJsonDepth) + " levels");
    Put(name, json.TakeString(), out);
  }
}

void AddJson(const std::string& body, const std::string& path, FieldCheck& check, Members& out) {
  auto members = ReadJsonObject(body);
  if (!members) return check.FailJsonObject(path);
  for (auto& [name, value] : *members) {
    CheckName(name, path, check);
    Put(std::move(name), std::string(value), out);
  }
}

}  // namespace

Members ToExtraBody(const v1::ChatInput& input, const std::string& path, FieldCheck& check) {
  Members out;
  AddStruct(input.extra_body(), path + ".extra_body", check, out);
  if (!input.extra_body_json().empty()) {
    AddJson(input.extra_body_json(), path + ".extra_body_json", check, out);
  }
  return out;
}

}  // namespace mom
