#include "service/contract/text_lines.h"

#include <array>
#include <cstddef>

namespace mom {
namespace {

// Bytes at which a line may end, or a character begins that ends one (U+0085, U+2028, U+2029).
constexpr std::array<bool, 256> kMayBreak = [] {
  std::array<bool, 256> table{};
  for (unsigned char c : std::string_view("\n\r\v\f\x1c\x1d\x1e\xc2\xe2")) table[c] = true;
  return table;
}();

unsigned char At(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

// Bytes of the break that begins at `at`; 0: none does.
std::size_t BreakAt(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at, 3);
  if (rest[0] == '\r') return rest.starts_with("\r\n") ? 2 : 1;
  if (rest[0] == '\xc2') return rest.starts_with("\xc2\x85") ? 2 : 0;
  if (rest[0] == '\xe2') return rest == "\xe2\x80\xa8" || rest == "\xe2\x80\xa9" ? 3 : 0;
  return 1;
}

// Whether there can be another break than "\n". One pass that the compiler makes vectors of.
bool MayBreakOddly(std::string_view text) {
  unsigned char odd = 0;
  for (const char one : text) {
    const auto c = static_cast<unsigned char>(one);
    odd |= static_cast<unsigned char>((c >= '\v' && c <= '\r') | (c >= 0x1c && c <= 0x1e) |
                                      (c == 0xc2) | (c == 0xe2));
  }
  return odd != 0;
}

bool IsAsciiSpace(unsigned char c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
}

bool IsWideSpace(std::string_view character) {
  if (character.size() == 2) return character == "\xc2\x85" || character == "\xc2\xa0";
  if (character == "\xe1\x9a\x80" || character == "\xe2\x81\x9f" || character == "\xe3\x80\x80") {
    return true;
  }
  if (!character.starts_with("\xe2\x80")) return false;
  const unsigned char last = At(character, 2);
  return (last >= 0x80 && last <= 0x8a) || last == 0xa8 || last == 0xa9 || last == 0xaf;
}

// Bytes of the white space that the text begins (ends) with; 0: none.
std::size_t SpaceAtFront(std::string_view text) {
  const unsigned char c = At(text, 0);
  if (c < 0x80) return IsAsciiSpace(c) ? 1 : 0;
  const std::size_t size = c == 0xc2 ? 2 : 3;
  return text.size() >= size && IsWideSpace(text.substr(0, size)) ? size : 0;
}

std::size_t SpaceAtBack(std::string_view text) {
  const unsigned char c = At(text, text.size() - 1);
  if (c < 0x80) return IsAsciiSpace(c) ? 1 : 0;
  for (std::size_t size : {std::size_t{2}, std::size_t{3}}) {
    if (text.size() >= size && IsWideSpace(text.substr(text.size() - size))) return size;
  }
  return 0;
}

}  // namespace

std::vector<std::string_view> SplitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  lines.reserve(text.size() / 40 + 1);
  std::size_t begin = 0;
  if (!MayBreakOddly(text)) {
    for (std::size_t end; (end = text.find('\n', begin)) != std::string_view::npos;
         begin = end + 1) {
      lines.push_back(text.substr(begin, end - begin));
    }
    if (begin < text.size()) lines.push_back(text.substr(begin));
    return lines;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!kMayBreak[At(text, i)]) continue;
    const std::size_t size = BreakAt(text, i);
    if (size == 0) continue;
    i += size;
    const bool newline = text[i - 1] == '\n';
    lines.push_back(text.substr(begin, i - begin - (newline ? 1 : 0)));
    begin = i;
    --i;
  }
  if (begin < text.size()) lines.push_back(text.substr(begin));
  return lines;
}

std::string_view WithoutBreak(std::string_view line) {
  for (std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
    if (size > line.size()) break;
    const std::size_t at = line.size() - size;
    if (kMayBreak[At(line, at)] && BreakAt(line, at) == size) return line.substr(0, at);
  }
  return line;
}

bool EndsOddly(std::string_view line) { return WithoutBreak(line).size() != line.size(); }

void AppendLine(std::string_view line, std::string& text) {
  text += line;
  if (line.ends_with('\r') || !EndsOddly(line)) text += '\n';
}

std::string_view StripLeft(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = SpaceAtFront(text);
    if (size == 0) break;
    text.remove_prefix(size);
  }
  return text;
}

std::string_view StripRight(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = SpaceAtBack(text);
    if (size == 0) break;
    text.remove_suffix(size);
  }
  return text;
}

std::string_view Strip(std::string_view text) { return StripLeft(StripRight(text)); }

bool IsAllSpace(std::string_view text) { return StripLeft(text).empty(); }

bool AreAllSpace(const std::vector<std::string_view>& lines) {
  return std::all_of(lines.begin(), lines.end(), IsAllSpace);
}

bool IsMarker(std::string_view text, char mark, int least, int most, std::string_view rest) {
  std::size_t count = text.find_first_not_of(mark);
  if (count == std::string_view::npos) count = text.size();
  if (count < static_cast<std::size_t>(least) || count > static_cast<std::size_t>(most)) {
    return false;
  }
  text.remove_prefix(count);
  return text.starts_with(rest) && IsAllSpace(text.substr(rest.size()));
}

}  // namespace mom
