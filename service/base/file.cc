#include "service/base/file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace mom {
namespace {

Status Unreadable(int error) { return absl::FailedPreconditionError(std::strerror(error)); }

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

StatusOr<std::string> ReadFile(const std::string& path, std::size_t max_bytes) {
  const std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "re"));
  if (!file) return Unreadable(errno);
  std::string content;
  std::array<char, 16 * 1024> buffer;
  std::size_t n = 0;
  do {
    n = std::fread(buffer.data(), 1, buffer.size(), file.get());
    content.append(buffer.data(), n);
    if (content.size() > max_bytes) return Unreadable(EFBIG);
  } while (n == buffer.size());  // a terminal must not be read beyond its end: it would wait anew
  if (std::ferror(file.get()) != 0) return Unreadable(errno);
  return content;
}

}  // namespace mom
