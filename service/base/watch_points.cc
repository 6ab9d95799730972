#include "service/base/watch_points.h"

#include <deque>
#include <filesystem>
#include <system_error>

namespace mom {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;  // as the kernel follows

}  // namespace

std::vector<WatchPoint> WatchPointsOf(const std::string& path) {
  std::error_code error;
  const fs::path whole = fs::absolute(path, error).relative_path();
  std::vector<WatchPoint> points;
  fs::path at = "/";
  std::deque<fs::path> names(whole.begin(), whole.end());
  for (int links = 0; !names.empty() && links <= kMostLinks;) {
    const fs::path name = names.front();
    names.pop_front();
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      at = at.parent_path();
      continue;
    }
    const fs::file_status status = fs::symlink_status(at / name, error);
    const bool is_link = fs::is_symlink(status);
    const bool is_last = names.empty() || !fs::exists(status);
    if (is_link || is_last) points.push_back({at.string(), name.string()});
    if (is_link) {
      ++links;
      const fs::path target = fs::read_symlink(at / name, error);
      if (target.is_absolute()) at = "/";
      const fs::path relative = target.relative_path();
      names.insert(names.begin(), relative.begin(), relative.end());
    } else if (is_last) {
      break;
    } else {
      at /= name;
    }
  }
  return points;
}

}  // namespace mom
