#include "service/contract/canonical_json.h"

#include <algorithm>
#include <vector>

#include "service/base/json_writer.h"
#include "service/contract/exact_json.h"

namespace mom {
namespace {

void Write(const rapidjson::Value& value, JsonWriter& json) {
  switch (KindOf(value)) {
    case JsonKind::kNull:
      json.Null();
      break;
    case JsonKind::kBool:
      json.Bool(value.GetBool());
      break;
    case JsonKind::kNumber:
      json.Raw(Decoded(ViewOf(value)));
      break;
    case JsonKind::kString:
      json.String(Decoded(ViewOf(value)));
      break;
    case JsonKind::kArray:
      json.BeginArray();
      for (const rapidjson::Value& item : value.GetArray()) Write(item, json);
      json.EndArray();
      break;
    case JsonKind::kObject: {
      std::vector<const rapidjson::Value::Member*> members;
      for (const auto& member : value.GetObject()) members.push_back(&member);
      std::sort(members.begin(), members.end(),
                [](const auto* a, const auto* b) { return ViewOf(a->name) < ViewOf(b->name); });
      json.BeginObject();
      for (const auto* member : members) {
        json.Key(ViewOf(member->name));
        Write(member->value, json);
      }
      json.EndObject();
      break;
    }
  }
}

}  // namespace

std::optional<std::string> CanonicalJson(std::string_view text) {
  const std::optional<rapidjson::Document> tree = ParseExactJson(text);
  if (!tree) return std::nullopt;
  return CanonicalJson(*tree);
}

std::string CanonicalJson(const rapidjson::Value& value) {
  JsonWriter json;
  Write(value, json);
  return json.TakeString();
}

}  // namespace mom
