// Environment variables of a test.
#ifndef MOM_TESTS_TESTING_ENV_OF_H_
#define MOM_TESTS_TESTING_ENV_OF_H_

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "service/base/environment.h"

namespace mom::testing {

using Variables = std::map<std::string, std::string>;

inline EnvLookup EnvOf(Variables variables) {
  return [variables = std::move(variables)](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
  };
}

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_ENV_OF_H_
