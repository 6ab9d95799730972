// Reads the fields of a JSON text in one pass and says exactly which one is wrong.
#ifndef MOM_REST_SHIM_JSON_INPUT_H_
#define MOM_REST_SHIM_JSON_INPUT_H_

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "service/base/status.h"

namespace mom::rest {

using JsonValue = simdjson::ondemand::value;

// Where a value stands ("messages.2.role"). A chain on the stack, written out only for an error.
class JsonPath {
 public:
  JsonPath() = default;
  JsonPath(const JsonPath& parent, std::string_view key) : parent_(&parent), key_(key) {}
  JsonPath(const JsonPath& parent, std::size_t index) : parent_(&parent), index_(index) {}
  std::string ToString() const;

 private:
  const JsonPath* parent_ = nullptr;  // null: the document itself
  std::string_view key_;              // empty: an array's element
  std::size_t index_ = 0;
};

// One text. Each value must be read at most once, in the order of the text, as the readers below
// do. They return false at the first mistake, which status() then tells; nothing may be read after
// it. `null` counts as absent for every known field. Not thread-safe.
class JsonInput {
 public:
  using Reader = std::function<bool(JsonValue value, const JsonPath& path)>;
  using UnknownReader =
      std::function<bool(std::string_view key, JsonValue value, const JsonPath& path)>;
  struct Field {
    std::string_view key;
    Reader read;
  };
  using Fields = std::initializer_list<Field>;

  // Takes the text. status() is not OK where it is no JSON; then the position is told.
  explicit JsonInput(std::string text);
  JsonInput(const JsonInput&) = delete;
  JsonInput& operator=(const JsonInput&) = delete;

  const Status& status() const { return status_; }

  // Reads the document, which must be an object.
  bool Document(Fields fields, const UnknownReader& unknown);

  // Reads an object. Without `unknown` other keys are passed over and counted.
  bool Object(JsonValue value, const JsonPath& path, Fields fields,
              const UnknownReader& unknown = nullptr);
  // The same; `raw` becomes the object's bytes, `plain` whether all keys in it, also of objects
  // within that were read through this, were known.
  bool ObjectWithRaw(JsonValue value, const JsonPath& path, Fields fields, std::string_view& raw,
                     bool& plain);
  // Reads an array; `element` gets each one in turn.
  bool Array(JsonValue value, const JsonPath& path, const Reader& element);

  bool String(JsonValue value, const JsonPath& path, std::string& out);
  bool Bool(JsonValue value, const JsonPath& path, bool& out);
  bool Number(JsonValue value, const JsonPath& path, double& out);
  // A number without fraction; also one that is written with it ("100.0").
  bool Integer(JsonValue value, const JsonPath& path, std::int64_t& out);
  // Any value, byte for byte.
  bool Raw(JsonValue value, const JsonPath& path, std::string& out);
  // An object, byte for byte.
  bool RawObject(JsonValue value, const JsonPath& path, std::string& out);

  // Record a mistake (see InvalidField), the second one that a key is missing; return false.
  bool Fail(const JsonPath& path, std::string_view what);
  bool Missing(const JsonPath& path, std::string_view key);

 private:
  void Check();

  std::string text_;
  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document document_;
  Status status_;
  int unknown_keys_ = 0;
};

// The value's type, without reading it.
bool IsNull(JsonValue value);
bool IsString(JsonValue value);
bool IsArray(JsonValue value);

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_JSON_INPUT_H_
