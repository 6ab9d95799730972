#include "service/contract/ecma_pattern.h"

#include <optional>
#include <string>

namespace mom {
namespace {

// JavaScript's white space, of which RE2's \s is only a part.
constexpr std::string_view kSpaces =
    R"(\t\n\v\f\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff})";
// Escaped letters that mean the same in both languages.
constexpr std::string_view kSameLetters = "dDwWbBnrtfvxpP";

bool IsLetterOrDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// What an escape, which `rest` begins with, is in RE2; takes it off `rest`.
std::optional<std::string> TakeEscape(std::string_view& rest, bool in_class) {
  const std::string_view escape = rest.substr(0, 2);
  if (escape.size() < 2) return std::nullopt;
  const char letter = escape[1];
  rest.remove_prefix(2);
  if (letter == 's' && in_class) return std::string(kSpaces);
  if (letter == 's') return "[" + std::string(kSpaces) + "]";
  if (letter == 'S' && !in_class) return "[^" + std::string(kSpaces) + "]";
  if (letter == 'u' && rest.size() >= 4) {
    const std::string code(rest.substr(0, 4));
    // Half of a pair, which RE2 sees as one character.
    const bool half = code[0] == 'd' || code[0] == 'D' ? code[1] >= '8' : false;
    rest.remove_prefix(4);
    if (half || code.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
      return std::nullopt;
    }
    return "\\x{" + code + "}";
  }
  if (IsLetterOrDigit(letter) && kSameLetters.find(letter) == std::string_view::npos) {
    return std::nullopt;
  }
  return std::string(escape);
}

std::optional<std::string> ToRe2(std::string_view rest) {
  std::string out;
  bool in_class = false;
  while (!rest.empty()) {
    const char c = rest.front();
    if (c == '\\') {
      const std::optional<std::string> escape = TakeEscape(rest, in_class);
      if (!escape) return std::nullopt;
      out += *escape;
      continue;
    }
    // RE2's own: names of classes, flags and named groups.
    if (in_class && rest.starts_with("[:")) return std::nullopt;
    if (!in_class && rest.starts_with("(?") && !rest.starts_with("(?:")) return std::nullopt;
    if (!in_class && c == '.') {
      out += R"([^\n\r\x{2028}\x{2029}])";
    } else {
      out += c;
    }
    in_class = c == '[' || (in_class && c != ']');
    rest.remove_prefix(1);
  }
  return out;
}

}  // namespace

std::unique_ptr<const RE2> CompileEcmaPattern(std::string_view pattern) {
  const std::optional<std::string> text = ToRe2(pattern);
  if (!text) return nullptr;
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  auto compiled = std::make_unique<const RE2>(*text, options);
  return compiled->ok() ? std::move(compiled) : nullptr;
}

}  // namespace mom
