#include "rest_shim/json_mistake.h"

#include <algorithm>

namespace mom::rest {
namespace {

constexpr int kMaxDepth = 1000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) {
  const char lower = static_cast<char>(c | 0x20);
  return IsDigit(c) || (lower >= 'a' && lower <= 'f');
}

// A recursive descent over the grammar that keeps nothing. Every method returns false at the
// mistake, with `at_` there and `what_` set.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<JsonMistake> Scan() {
    SkipSpace();
    bool good = at_ < text_.size() ? Value() : Wrong("the text is empty");
    if (good) {
      SkipSpace();
      if (at_ == text_.size()) return std::nullopt;
      Wrong("something follows the end of the JSON value");
    }
    JsonMistake mistake;
    mistake.offset = at_;
    mistake.what = what_;
    return mistake;
  }

 private:
  bool Wrong(const char* what) {
    what_ = what;
    return false;
  }
  // The next byte; NUL, which no grammar rule accepts, at the end.
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Take(char c) {
    if (Peek() != c || at_ == text_.size()) return false;
    ++at_;
    return true;
  }
  void SkipSpace() {
    while (Peek() == ' ' || Peek() == '\t' || Peek() == '\n' || Peek() == '\r') ++at_;
  }

  bool Value() {
    switch (Peek()) {
      case '{':
        return Nested('}');
      case '[':
        return Nested(']');
      case '"':
        return String();
      case 't':
        return Word("true");
      case 'f':
        return Word("false");
      case 'n':
        return Word("null");
      default:
        return Number();
    }
  }

  bool Nested(char closing) {
    if (++depth_ > kMaxDepth) return Wrong("the nesting is too deep");
    ++at_;
    SkipSpace();
    bool first = true;
    while (!Take(closing)) {
      if (!first) {
        if (!Take(',')) {
          return Wrong(closing == '}' ? "a comma or `}` is missing" : "a comma or `]` is missing");
        }
        SkipSpace();
      }
      first = false;
      if (closing == '}' && !Name()) return false;
      if (!Value()) return false;
      SkipSpace();
    }
    --depth_;
    return true;
  }

  bool Name() {
    if (Peek() != '"') return Wrong("a key in double quotes is missing");
    if (!String()) return false;
    SkipSpace();
    if (!Take(':')) return Wrong("a colon is missing");
    SkipSpace();
    return true;
  }

  bool String() {
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (static_cast<unsigned char>(c) < 0x20) {
        return Wrong("a control character stands in a string; write it as an escape");
      }
      if (c == '\\' && !Escape()) return false;
      ++at_;
      if (c == '"') return true;
    }
    return Wrong("a string has no end");
  }

  // Leaves `at_` on the escape's last byte.
  bool Escape() {
    ++at_;
    if (Peek() != 'u') {
      return std::string_view("\"\\/bfnrt").find(Peek()) != std::string_view::npos && Peek() != '\0'
                 ? true
                 : Wrong("an escape is unknown");
    }
    for (int i = 0; i < 4; ++i) {
      ++at_;
      if (!IsHexDigit(Peek())) return Wrong("`\\u` needs four hex digits");
    }
    return true;
  }

  bool Word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return Wrong("a value is missing");
    at_ += word.size();
    return true;
  }

  bool Digits() {
    if (!IsDigit(Peek())) return Wrong("a digit is missing");
    while (IsDigit(Peek())) ++at_;
    return true;
  }

  bool Number() {
    if (Peek() != '-' && !IsDigit(Peek())) return Wrong("a value is missing");
    Take('-');
    if (!Take('0') && !Digits()) return false;
    if (Take('.') && !Digits()) return false;
    if (Peek() != 'e' && Peek() != 'E') return true;
    ++at_;
    if (!Take('+')) Take('-');
    return Digits();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  const char* what_ = "";
};

}  // namespace

std::string JsonMistake::Describe(std::string_view text) const {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0: the first line
  return what + " at byte " + std::to_string(offset) + " (line " + std::to_string(line) +
         ", column " + std::to_string(offset - line_start + 1) + ")";
}

std::optional<JsonMistake> FindJsonMistake(std::string_view text) { return Scanner(text).Scan(); }

}  // namespace mom::rest
