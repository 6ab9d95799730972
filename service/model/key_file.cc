#include "service/model/key_file.h"

#include <algorithm>
#include <cstddef>

#include "service/base/file.h"
#include "service/base/reasons.h"

namespace mom {
namespace {

constexpr std::size_t kMostKeyBytes = 16 * 1024;

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

Status Wrong(const std::string& what) {
  return MakeError(StatusCode::kInvalidArgument, what, reason::kInvalidArgument);
}

}  // namespace

StatusOr<Secret> ParseKey(std::string_view text) {
  const std::string_view key = Trim(text);
  if (!std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7F; })) {
    return Wrong(
        "holds something that is no key (a blank, line break or special character in it); copy it "
        "again");
  }
  return Secret(std::string(key));
}

StatusOr<Secret> ReadKeyFile(const std::string& path) {
  const StatusOr<std::string> content = ReadFile(path, kMostKeyBytes);
  // The message leaves the path out: somebody may have pasted the key itself.
  if (!content.ok()) {
    return Wrong("cannot be read (" + MessageOf(content.status()) +
                 "); write the path of a file with the key in it, absolute or relative to this "
                 "file");
  }
  StatusOr<Secret> key = ParseKey(*content);
  if (key.ok() && key->empty()) return Wrong("is empty; put the key into it");
  return key;
}

}  // namespace mom
