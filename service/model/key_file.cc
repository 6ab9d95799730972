#include "service/model/key_file.h"

#include <algorithm>
#include <cstddef>

#include "service/base/ascii.h"
#include "service/base/file.h"
#include "service/base/reasons.h"

namespace mom {
namespace {

constexpr std::size_t kMostKeyBytes = 16 * 1024;

Status WrongKeyFile(const std::string& what) {
  return MakeError(StatusCode::kInvalidArgument, what, reason::kInvalidArgument);
}

}  // namespace

StatusOr<Secret> ParseKey(std::string_view text) {
  const std::string_view key = Trim(text);
  if (!std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7F; })) {
    return WrongKeyFile(
        "holds something that is no key (a blank, line break or special character in it); copy it "
        "again");
  }
  return Secret(std::string(key));
}

StatusOr<Secret> ReadKeyFile(const std::string& path) {
  const StatusOr<std::string> content = ReadFile(path, kMostKeyBytes);
  // The message leaves the path out: somebody may have pasted the key itself.
  if (!content.ok()) {
    return WrongKeyFile(
        "cannot be read (" + MessageOf(content.status()) +
        "); write the path of a file with the key in it, absolute or relative to this "
        "file");
  }
  StatusOr<Secret> key = ParseKey(*content);
  if (key.ok() && key->empty()) return WrongKeyFile("is empty; put the key into it");
  return key;
}

}  // namespace mom
