#include "service/base/environment.h"

#include <algorithm>
#include <cstdlib>

#include "service/base/utf8.h"

namespace mom {
namespace {

bool IsVariableName(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
}

// Takes what is between `${` and `}`.
void SubstituteOne(std::string_view inside, const EnvLookup& env, Substitution& out) {
  const std::size_t colon = inside.find(":-");
  const std::string name(inside.substr(0, colon));
  const bool has_default = colon != std::string_view::npos;
  if (!IsVariableName(name)) {
    out.mistake =
        "between ${ and } is no name of a variable; write ${NAME} or ${NAME:-default}, "
        "and $$ for a plain dollar sign";
    return;
  }
  const std::optional<std::string> value = env(name);
  if (value && !IsValidUtf8(*value)) {
    out.mistake = "the variable " + name + " is not UTF-8; set it to text";
  } else if (has_default && (!value || value->empty())) {
    out.text.append(inside.substr(colon + 2));
  } else if (value) {
    out.text.append(*value);
  } else {
    out.unset.push_back(name);
  }
}

}  // namespace

EnvLookup ProcessEnv() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
}

Substitution Substitute(std::string_view text, const EnvLookup& env) {
  Substitution out;
  while (!text.empty() && out.mistake.empty()) {
    const std::size_t dollar = std::min(text.find('$'), text.size());
    out.text.append(text.substr(0, dollar));
    text.remove_prefix(dollar);
    if (text.starts_with("${")) {
      const std::size_t end = text.find('}');
      if (end == std::string_view::npos) {
        out.mistake = "a ${ has no }; write ${NAME}, and $$ for a plain dollar sign";
        break;
      }
      SubstituteOne(text.substr(2, end - 2), env, out);
      text.remove_prefix(end + 1);
    } else if (!text.empty()) {
      out.text.push_back('$');
      text.remove_prefix(text.starts_with("$$") ? 2 : 1);
    }
  }
  return out;
}

std::string BareVariable(std::string_view text) {
  if (!text.starts_with('$')) return {};
  text.remove_prefix(1);
  const bool has_small =
      std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return has_small || !IsVariableName(text) ? std::string() : std::string(text);
}

}  // namespace mom
