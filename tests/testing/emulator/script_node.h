// A value of a script file that knows its path.
#ifndef MOM_TESTS_TESTING_EMULATOR_SCRIPT_NODE_H_
#define MOM_TESTS_TESTING_EMULATOR_SCRIPT_NODE_H_

#include <simdjson.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "service/base/status.h"

namespace mom::testing {

// Reads are typed. The first one that fails is kept in the Status given at construction; from then
// on all reads give empty values, so callers check once, at the end. Valid as long as the parser.
class ScriptNode {
 public:
  // What is done with the value of each key of an object.
  using Fields = std::map<std::string_view, std::function<void(const ScriptNode&)>>;

  ScriptNode(simdjson::dom::element value, std::string path, Status* status)
      : value_(value), path_(std::move(path)), status_(status) {}

  std::string String() const;
  // Pairs of hexadecimal digits.
  std::string Hex() const;
  bool Bool() const;
  std::int64_t Int(std::int64_t least, std::int64_t most) const;
  bool IsNull() const { return value_.is_null(); }
  bool IsString() const { return value_.is_string(); }
  // The value as JSON text.
  std::string Json() const { return simdjson::minify(value_); }
  // An object as JSON text.
  std::string ObjectJson() const;
  // The value of the entry of `choices` that the string names.
  template <typename T>
  T OneOf(std::initializer_list<std::pair<std::string_view, T>> choices) const;
  void ForEachItem(const std::function<void(const ScriptNode&)>& read) const;
  void ForEachField(const std::function<void(std::string_view key, const ScriptNode&)>& read) const;
  // A key that is not in `fields` is an error that lists those that are.
  void Object(const Fields& fields) const;
  // Keeps "PATH: problem" as the failure, unless there is one.
  void Fail(std::string_view problem) const;

 private:
  ScriptNode Child(simdjson::dom::element value, std::string_view suffix) const;

  simdjson::dom::element value_;
  std::string path_;
  Status* status_;
};

template <typename T>
T ScriptNode::OneOf(std::initializer_list<std::pair<std::string_view, T>> choices) const {
  const std::string name = String();
  std::string known;
  for (const auto& [choice, value] : choices) {
    if (choice == name) return value;
    known += (known.empty() ? "\"" : ", \"") + std::string(choice) + "\"";
  }
  Fail("write one of " + known);
  return choices.begin()->second;
}

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_SCRIPT_NODE_H_
