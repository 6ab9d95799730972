// Environment variables, and their use inside texts of the config.
#ifndef MOM_BASE_ENVIRONMENT_H_
#define MOM_BASE_ENVIRONMENT_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mom {

// Looks up an environment variable; nullopt where it is unset.
using EnvLookup = std::function<std::optional<std::string>(const std::string& name)>;

// The variables of this process.
EnvLookup ProcessEnv();

// A text after substitution.
struct Substitution {
  std::string text;
  // Names of unset variables without a default, in their order; nothing was put in for them.
  std::vector<std::string> unset;
  // What is wrong with the text and what to write instead; empty: nothing. Never a variable's
  // value.
  std::string mistake;
};

// Puts variables in for `${NAME}`, for `${NAME:-default}` the default where NAME is unset or empty
// (as a shell does), and `$` for `$$`. Any other `$` stays. A default ends at the first `}`.
// What was put in is not looked at again.
Substitution Substitute(std::string_view text, const EnvLookup& env);

// The name, where `text` is nothing but a variable as a shell would take it and Substitute() does
// not: `$NAME`, in capitals. Empty where it is not.
std::string BareVariable(std::string_view text);

}  // namespace mom

#endif  // MOM_BASE_ENVIRONMENT_H_
