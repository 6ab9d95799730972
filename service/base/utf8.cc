#include "service/base/utf8.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace mom {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

struct Step {
  std::size_t size = 0;  // bytes of the sequence, or of its maximal ill-formed part; never 0
  bool valid = false;
};

// The sequence at the start of `text`, which must not be empty. The ranges are those of Unicode 15,
// table 3-7: the first byte decides how many follow and which second bytes are allowed.
Step NextSequence(std::string_view text) {
  const auto first = static_cast<std::uint8_t>(text[0]);
  if (first < 0x80) return {1, true};
  std::size_t size = 0;
  if (first >= 0xC2 && first <= 0xDF) size = 2;
  if (first >= 0xE0 && first <= 0xEF) size = 3;
  if (first >= 0xF0 && first <= 0xF4) size = 4;
  if (size == 0) return {1, false};

  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
  if (first == 0xE0) low = 0xA0;   // else overlong
  if (first == 0xED) high = 0x9F;  // else a surrogate
  if (first == 0xF0) low = 0x90;   // else overlong
  if (first == 0xF4) high = 0x8F;  // else above U+10FFFF
  for (std::size_t i = 1; i < size; ++i) {
    if (i == text.size()) return {i, false};
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if (byte < low || byte > high) return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {size, true};
}

// Bytes of well-formed UTF-8 at the start of `text`.
std::size_t ValidPrefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const Step step = NextSequence(text.substr(at));
    if (!step.valid) break;
    at += step.size;
  }
  return at;
}

// The code unit of the escape `\uXXXX` at the start of `json`; -1 where there is none.
int UnicodeEscape(std::string_view json) {
  if (json.size() < 6 || json[0] != '\\' || json[1] != 'u') return -1;
  int unit = 0;
  for (char c : json.substr(2, 4)) {
    const char lower = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9') {
      unit = unit * 16 + (c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      unit = unit * 16 + (lower - 'a' + 10);
    } else {
      return -1;
    }
  }
  return unit;
}

bool IsHighSurrogate(int unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool IsLowSurrogate(int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

}  // namespace

bool IsValidUtf8(std::string_view text) { return ValidPrefix(text) == text.size(); }

std::string ToValidUtf8(std::string text) {
  std::size_t at = ValidPrefix(text);
  if (at == text.size()) return text;
  std::string out = text.substr(0, at);
  const std::string_view all = text;
  while (at < all.size()) {
    const Step step = NextSequence(all.substr(at));
    out.append(step.valid ? all.substr(at, step.size) : kReplacement);
    at += step.size;
  }
  return out;
}

void CutToBytes(std::size_t most, std::string& text) {
  if (text.size() <= most) return;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  text.resize(most);
}

std::string RepairJsonText(std::string text) {
  text = ToValidUtf8(std::move(text));
  std::size_t at = 0;
  while ((at = text.find('\\', at)) != std::string::npos) {
    const std::string_view rest = std::string_view(text).substr(at);
    const int unit = UnicodeEscape(rest);
    if (unit < 0) {
      at += 2;  // an escape of two characters; a `\\` must not start the next one
    } else if (IsHighSurrogate(unit) && IsLowSurrogate(UnicodeEscape(rest.substr(6)))) {
      at += 12;
    } else {
      if (IsHighSurrogate(unit) || IsLowSurrogate(unit)) text.replace(at, 6, "\\uFFFD");
      at += 6;
    }
  }
  return text;
}

}  // namespace mom
