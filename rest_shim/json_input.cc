#include "rest_shim/json_input.h"

#include <cmath>
#include <utility>

#include "rest_shim/json_mistake.h"
#include "service/base/utf8.h"

namespace mom::rest {
namespace {

using simdjson::ondemand::json_type;

bool HasType(JsonValue value, json_type type) {
  json_type found;
  return value.type().get(found) == simdjson::SUCCESS && found == type;
}

std::string_view TrimEnd(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

}  // namespace

bool IsNull(JsonValue value) { return HasType(value, json_type::null); }
bool IsString(JsonValue value) { return HasType(value, json_type::string); }
bool IsArray(JsonValue value) { return HasType(value, json_type::array); }

std::string JsonPath::ToString() const {
  if (parent_ == nullptr) return "";
  std::string out = parent_->ToString();
  if (!out.empty()) out.push_back('.');
  out.append(key_.empty() ? std::to_string(index_) : std::string(key_));
  return out;
}

JsonInput::JsonInput(std::string text) : text_(std::move(text)) {
  // JavaScript clients cut strings in the middle of a surrogate pair and send the half as an
  // escape.
  if (text_.find("\\ud") != std::string::npos || text_.find("\\uD") != std::string::npos) {
    text_ = RepairJsonText(std::move(text_));
  }
  text_.reserve(text_.size() + simdjson::SIMDJSON_PADDING);
  Check();
  if (!status_.ok()) return;
  const auto error = parser_.iterate(text_.data(), text_.size(), text_.capacity()).get(document_);
  if (error != simdjson::SUCCESS) {
    status_ = InvalidField("", "The request body cannot be read as JSON");
  }
}

// The pass that reads takes what it skips on trust: so the whole text is checked before it.
void JsonInput::Check() {
  simdjson::dom::parser checker;
  simdjson::dom::element ignored;
  const auto error =
      checker.parse(text_.data(), text_.size(), /*realloc_if_needed=*/false).get(ignored);
  if (error == simdjson::SUCCESS) return;
  if (!IsValidUtf8(text_)) {
    status_ = InvalidField("", "The request body is not valid UTF-8; send JSON encoded in UTF-8");
    return;
  }
  // simdjson also refuses numbers beyond 64 bits, which are JSON all the same.
  if (const auto mistake = FindJsonMistake(text_)) {
    status_ = InvalidField("", "The request body is not valid JSON: " + mistake->Describe(text_));
  }
}

bool JsonInput::Document(Fields fields, const UnknownReader& unknown) {
  if (!status_.ok()) return false;
  const JsonPath root;
  JsonValue value;
  if (document_.get_value().get(value) != simdjson::SUCCESS) {
    return Fail(root, "must be an object");
  }
  return Object(value, root, fields, unknown);
}

bool JsonInput::Object(JsonValue value, const JsonPath& path, Fields fields,
                       const UnknownReader& unknown) {
  simdjson::ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return Fail(path, "must be an object");
  for (auto result : object) {
    simdjson::ondemand::field field;
    std::string_view key;
    if (std::move(result).get(field) != simdjson::SUCCESS ||
        field.unescaped_key().get(key) != simdjson::SUCCESS) {
      return Fail(path, "cannot be read");
    }
    const JsonPath at(path, key);
    const Field* known = nullptr;
    for (const Field& candidate : fields) {
      if (candidate.key == key) known = &candidate;
    }
    if (known != nullptr) {
      if (!IsNull(field.value()) && !known->read(field.value(), at)) return false;
    } else if (unknown) {
      if (!unknown(key, field.value(), at)) return false;
    } else {
      ++unknown_keys_;
    }
  }
  return true;
}

bool JsonInput::ObjectWithRaw(JsonValue value, const JsonPath& path, Fields fields,
                              std::string_view& raw, bool& plain) {
  const char* const start = value.raw_json_token().data();
  const int before = unknown_keys_;
  if (!Object(value, path, fields)) return false;
  plain = unknown_keys_ == before;
  const char* end = nullptr;
  if (document_.current_location().get(end) != simdjson::SUCCESS) return Fail(path, "has no end");
  raw = TrimEnd(std::string_view(start, static_cast<std::size_t>(end - start)));
  return true;
}

bool JsonInput::Array(JsonValue value, const JsonPath& path, const Reader& element) {
  simdjson::ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return Fail(path, "must be an array");
  std::size_t index = 0;
  for (auto result : array) {
    const JsonPath at(path, index++);
    JsonValue item;
    if (std::move(result).get(item) != simdjson::SUCCESS) return Fail(at, "cannot be read");
    if (!element(item, at)) return false;
  }
  return true;
}

bool JsonInput::String(JsonValue value, const JsonPath& path, std::string& out) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return Fail(path, "must be a string");
  out = text;
  return true;
}

bool JsonInput::Bool(JsonValue value, const JsonPath& path, bool& out) {
  return value.get_bool().get(out) == simdjson::SUCCESS || Fail(path, "must be true or false");
}

bool JsonInput::Number(JsonValue value, const JsonPath& path, double& out) {
  return value.get_double().get(out) == simdjson::SUCCESS || Fail(path, "must be a number");
}

bool JsonInput::Integer(JsonValue value, const JsonPath& path, std::int64_t& out) {
  if (value.get_int64().get(out) == simdjson::SUCCESS) return true;
  constexpr double kExact = 9007199254740992.0;  // 2^53: whole numbers below it are exact
  double number = 0;
  if (value.get_double().get(number) != simdjson::SUCCESS || std::abs(number) > kExact ||
      number != std::floor(number)) {
    return Fail(path, "must be an integer of at most 64 bits");
  }
  out = static_cast<std::int64_t>(number);
  return true;
}

bool JsonInput::Raw(JsonValue value, const JsonPath& path, std::string& out) {
  std::string_view text;
  if (simdjson::to_json_string(value).get(text) != simdjson::SUCCESS) {
    return Fail(path, "cannot be read");
  }
  out = TrimEnd(text);
  return true;
}

bool JsonInput::RawObject(JsonValue value, const JsonPath& path, std::string& out) {
  if (!HasType(value, json_type::object)) return Fail(path, "must be an object");
  return Raw(value, path, out);
}

bool JsonInput::Fail(const JsonPath& path, std::string_view what) {
  const std::string where = path.ToString();
  std::string text(where.empty() ? "The request body " : "");
  status_ = InvalidField(where, text.append(what));
  return false;
}

bool JsonInput::Missing(const JsonPath& path, std::string_view key) {
  return Fail(JsonPath(path, key), "is required");
}

}  // namespace mom::rest
