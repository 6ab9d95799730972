// Reads JSON that a provider wrote.
#ifndef MOM_MODEL_PROVIDER_JSON_H_
#define MOM_MODEL_PROVIDER_JSON_H_

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/base/json_reader.h"

namespace mom {

// A parser that keeps its buffers. Not thread-safe.
class ProviderJson {
 public:
  using Object = simdjson::dom::object;
  using Element = simdjson::dom::element;

  explicit ProviderJson(int max_depth = kMaxJsonDepth);
  // The object that `text` is, at most `max_depth` deep; nullopt where it is none. A BOM is
  // dropped; bytes that are no UTF-8, NUL and lone surrogates become U+FFFD. Valid until the next
  // call.
  std::optional<Object> Parse(std::string_view text);

 private:
  simdjson::dom::parser parser_;
};

// What is under `key`; nullopt where there is nothing or null.
std::optional<ProviderJson::Element> Find(ProviderJson::Object object, std::string_view key);
std::optional<ProviderJson::Object> FindObject(ProviderJson::Object object, std::string_view key);
std::optional<simdjson::dom::array> FindArray(ProviderJson::Object object, std::string_view key);
// The string under `key`, valid UTF-8; empty where there is none.
std::string FindString(ProviderJson::Object object, std::string_view key);
// The whole number under `key`, also where it is written as a fraction.
std::optional<std::int64_t> FindInt(ProviderJson::Object object, std::string_view key);

}  // namespace mom

#endif  // MOM_MODEL_PROVIDER_JSON_H_
