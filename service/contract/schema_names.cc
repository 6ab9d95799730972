#include "service/contract/schema_names.h"

#include <vector>

namespace mom {

MemberNames MemberNamesIn(const rapidjson::Value& schema) {
  MemberNames names;
  std::vector<const rapidjson::Value*> to_see = {&schema};
  while (!to_see.empty()) {
    const rapidjson::Value& value = *to_see.back();
    to_see.pop_back();
    if (value.IsArray()) {
      for (const rapidjson::Value& item : value.GetArray()) to_see.push_back(&item);
    }
    if (!value.IsObject()) continue;
    for (const auto& member : value.GetObject()) {
      names.emplace(member.name.GetString(), member.name.GetStringLength());
      to_see.push_back(&member.value);
    }
  }
  return names;
}

}  // namespace mom
