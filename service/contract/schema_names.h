// The names that a schema has for the members of objects.
#ifndef MOM_CONTRACT_SCHEMA_NAMES_H_
#define MOM_CONTRACT_SCHEMA_NAMES_H_

#include <rapidjson/document.h>

#include <functional>
#include <set>
#include <string>

namespace mom {

using MemberNames = std::set<std::string, std::less<>>;

// All names of members anywhere in it, keywords too: what an answer has beside them is its content.
MemberNames MemberNamesIn(const rapidjson::Value& schema);

}  // namespace mom

#endif  // MOM_CONTRACT_SCHEMA_NAMES_H_
