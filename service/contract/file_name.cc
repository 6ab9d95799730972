#include "service/contract/file_name.h"

#include <algorithm>
#include <cctype>
#include <cstdint>

#include "service/base/utf8.h"
#include "service/contract/chat_files.h"

namespace mom {
namespace {

// Longer ones are not compared: it takes the square of the length, and nobody has such names.
constexpr std::size_t kLongestName = 256;
constexpr double kLeastLikeness = 0.8;

std::u32string CodePoints(std::string_view utf8) {
  std::u32string points;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) == 0x80 && !points.empty()) {
      points.back() = points.back() << 6 | (byte & 0x3f);
    } else {
      points.push_back(byte);
    }
  }
  return points;
}

// The characters of the longest piece that both have, the first of several, and of those to its
// left and to its right.
std::size_t Shared(std::u32string_view a, std::u32string_view b) {
  if (a.empty() || b.empty()) return 0;
  std::size_t size = 0;
  std::size_t at_a = 0;
  std::size_t at_b = 0;
  // run[j + 1]: how long the common piece is that ends at a[i] and b[j].
  std::vector<std::size_t> run(b.size() + 1);
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = b.size(); j-- > 0;) {
      run[j + 1] = a[i] == b[j] ? run[j] + 1 : 0;
      const std::size_t from_a = i + 1 - run[j + 1];
      const std::size_t from_b = j + 1 - run[j + 1];
      if (run[j + 1] > size ||
          (run[j + 1] == size && size > 0 && from_a == at_a && from_b < at_b)) {
        size = run[j + 1];
        at_a = from_a;
        at_b = from_b;
      }
    }
  }
  if (size == 0) return 0;
  return size + Shared(a.substr(0, at_a), b.substr(0, at_b)) +
         Shared(a.substr(at_a + size), b.substr(at_b + size));
}

}  // namespace

double NameLikeness(std::string_view a, std::string_view b) {
  const std::u32string x = CodePoints(a);
  const std::u32string y = CodePoints(b);
  const std::size_t length = x.size() + y.size();
  if (length == 0) return 1;
  return 2.0 * static_cast<double>(Shared(x, y)) / static_cast<double>(length);
}

const std::string* CloseName(std::string_view name, const std::vector<std::string>& known) {
  const std::string* best = nullptr;
  double most = kLeastLikeness;
  for (const std::string& one : known) {
    if (std::max(name.size(), one.size()) > kLongestName) continue;
    const double likeness = NameLikeness(one, name);
    if (likeness < most || (best != nullptr && likeness == most && one < *best)) continue;
    best = &one;
    most = likeness;
  }
  return best;
}

std::string_view BaseName(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

bool IsPlausiblePath(std::string_view path) {
  constexpr std::size_t kLongestPart = 255;
  const bool strange = std::any_of(path.begin(), path.end(), [](unsigned char c) {
    return c < 0x20 || c == 0x7f ||
           std::string_view("<>:\"|?*`\\").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (path.empty() || strange || path.starts_with('/') || path.ends_with('/')) return false;
  if (NormalPath(path).starts_with("..")) return false;
  const std::string_view base = BaseName(path);
  if (base.empty() || base.size() > kLongestPart) return false;
  if (path.find(' ') == std::string_view::npos) return true;
  const std::size_t dot = base.rfind('.');
  return dot != std::string_view::npos && dot + 1 < base.size() &&
         std::all_of(base.begin() + static_cast<std::ptrdiff_t>(dot) + 1, base.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0; });
}

std::string ShownPath(std::string_view path) {
  constexpr std::size_t kLongest = 100;
  if (!IsPlausiblePath(path)) return "what names no file";
  if (path.size() <= kLongest) return std::string(path);
  return "..." + ToValidUtf8(std::string(path.substr(path.size() - kLongest)));
}

}  // namespace mom
