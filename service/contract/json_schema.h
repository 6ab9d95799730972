// JSON schemas, drafts 4 to 7, and what fits them.
#ifndef MOM_CONTRACT_JSON_SCHEMA_H_
#define MOM_CONTRACT_JSON_SCHEMA_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/status.h"

namespace mom {

// How a JSON text stands to a schema.
struct SchemaVerdict {
  bool is_json =
      false;          // one JSON value, not nested deeper than kMaxJsonDepth (base/json_reader.h)
  bool fits = false;  // in all that could be judged
  // Where it does not fit: the first reasons, "`/items/0/price`: wants at least 0"; the root is
  // "the value".
  std::vector<std::string> violations;
  // JsonSchema::unchecked(), and what took too long to judge.
  std::vector<std::string> unchecked;
};

// A parsed schema. It shares nothing with the text that it was made of. Numbers are exact, patterns
// take linear time, and what a check takes is bounded however hostile the schema is.
// Thread-safe; checks of the same schema take turns.
class JsonSchema {
 public:
  // kInvalidArgument where the text is neither a JSON object nor true or false. Whatever else is
  // wrong with it only makes a part of it unchecked.
  static StatusOr<std::shared_ptr<const JsonSchema>> Parse(std::string_view schema_json);

  ~JsonSchema();

  SchemaVerdict Check(std::string_view json) const;

  // What of the schema no check looks at, as it cannot be judged here: "`format`", "`$ref
  // http://example.com/x`". Without it more values fit, never fewer.
  const std::vector<std::string>& unchecked() const { return unchecked_; }

 private:
  class Judge;  // all that needs valijson

  JsonSchema(std::unique_ptr<Judge> judge, std::vector<std::string> unchecked);

  std::unique_ptr<Judge> judge_;
  std::vector<std::string> unchecked_;
};

}  // namespace mom

#endif  // MOM_CONTRACT_JSON_SCHEMA_H_
