// Where the `$ref`s of a JSON schema lead to within it.
#ifndef MOM_CONTRACT_SCHEMA_IDS_H_
#define MOM_CONTRACT_SCHEMA_IDS_H_

#include <rapidjson/document.h>

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mom {

// A schema in another one, and the address that its own `$id` would be relative to.
struct SchemaPlace {
  const rapidjson::Value* value = nullptr;
  std::string base;
};

// Knows a schema's `$id`s (`id` in draft 4). The schema must outlive it. Not thread-safe.
class SchemaIds {
 public:
  explicit SchemaIds(const rapidjson::Value& root);

  // The address that the `$ref`s in `schema` are relative to, which stands where `base` is.
  static std::string BaseIn(const rapidjson::Value& schema, const std::string& base);

  // What a `$ref` that is relative to `base` means; nullopt where that is not in this schema.
  std::optional<SchemaPlace> Find(std::string_view ref, const std::string& base) const;

 private:
  void Index(const rapidjson::Value& value, const std::string& base);

  std::unordered_map<std::string, SchemaPlace> places_;
};

}  // namespace mom

#endif  // MOM_CONTRACT_SCHEMA_IDS_H_
