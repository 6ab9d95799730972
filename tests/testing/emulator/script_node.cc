#include "tests/testing/emulator/script_node.h"

#include <algorithm>
#include <charconv>

namespace mom::testing {

std::string ScriptNode::String() const {
  std::string_view text;
  if (value_.get(text) != simdjson::SUCCESS) Fail("write a string");
  return std::string(text);
}

std::string ScriptNode::Hex() const {
  constexpr std::string_view kProblem = "write pairs of hexadecimal digits, such as \"0d0a\"";
  const std::string digits = String();
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned value = 0;
    const char* end = digits.data() + std::min(i + 2, digits.size());
    const auto read = std::from_chars(digits.data() + i, end, value, 16);
    if (read.ec != std::errc() || read.ptr != digits.data() + i + 2) {
      Fail(kProblem);
      return {};
    }
    bytes += static_cast<char>(value);
  }
  return bytes;
}

bool ScriptNode::Bool() const {
  bool value = false;
  if (value_.get(value) != simdjson::SUCCESS) Fail("write true or false");
  return value;
}

std::int64_t ScriptNode::Int(std::int64_t least, std::int64_t most) const {
  std::int64_t value = least;
  if (value_.get(value) != simdjson::SUCCESS || value < least || value > most) {
    Fail("write a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return least;
  }
  return value;
}

std::string ScriptNode::ObjectJson() const {
  if (!value_.is_object()) Fail("write an object");
  return Json();
}

void ScriptNode::ForEachItem(const std::function<void(const ScriptNode&)>& read) const {
  simdjson::dom::array items;
  if (value_.get(items) != simdjson::SUCCESS) return Fail("write a list: [ ... ]");
  std::size_t index = 0;
  for (const simdjson::dom::element item : items) {
    read(Child(item, "[" + std::to_string(index++) + "]"));
  }
}

void ScriptNode::ForEachField(
    const std::function<void(std::string_view key, const ScriptNode&)>& read) const {
  simdjson::dom::object fields;
  if (value_.get(fields) != simdjson::SUCCESS) return Fail("write an object: { ... }");
  for (const auto& [key, value] : fields) {
    read(key, Child(value, (path_ == "$" ? "" : ".") + std::string(key)));
  }
}

void ScriptNode::Object(const Fields& fields) const {
  ForEachField([&](std::string_view key, const ScriptNode& value) {
    const auto known = fields.find(key);
    if (known != fields.end()) return known->second(value);
    std::string names;
    for (const auto& [name, read] : fields)
      names += (names.empty() ? "" : ", ") + std::string(name);
    value.Fail("unknown key; known here: " + names);
  });
}

void ScriptNode::Fail(std::string_view problem) const {
  if (!status_->ok()) return;
  *status_ = absl::InvalidArgumentError(path_ + ": " + std::string(problem));
}

ScriptNode ScriptNode::Child(simdjson::dom::element value, std::string_view suffix) const {
  return ScriptNode(value, path_ == "$" ? std::string(suffix) : path_ + std::string(suffix),
                    status_);
}

}  // namespace mom::testing
