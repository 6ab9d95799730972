// Says where a text stops being JSON.
#ifndef MOM_REST_SHIM_JSON_MISTAKE_H_
#define MOM_REST_SHIM_JSON_MISTAKE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mom::rest {

struct JsonMistake {
  std::size_t offset = 0;  // bytes from the start
  std::string what;        // "a comma or `}` is missing"

  // "a comma or `}` is missing at byte 17 (line 2, column 5)"; `text` is what was searched.
  std::string Describe(std::string_view text) const;
};

// The first place at which `text` breaks RFC 8259 or nests deeper than 1000 levels; nullopt where
// it is JSON. Numbers may have any size. Slower than simdjson, which does not tell the place: for
// texts that it refused.
std::optional<JsonMistake> FindJsonMistake(std::string_view text);

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_JSON_MISTAKE_H_
