// Where to look to notice that a path means another file than before.
#ifndef MOM_BASE_WATCH_POINTS_H_
#define MOM_BASE_WATCH_POINTS_H_

#include <string>
#include <vector>

namespace mom {

// A name in a folder (an absolute path).
struct WatchPoint {
  std::string folder;
  std::string name;
  bool operator==(const WatchPoint&) const = default;
};

// The names on the way from `path` to its file, any of which may come to mean something else: each
// symbolic link, and at last the file itself, there or not. Where a folder on the way is missing,
// its name is the last one. Folders that are there are not in the list: one that is renamed and
// replaced is only noticed by what watches the folder below.
std::vector<WatchPoint> WatchPointsOf(const std::string& path);

}  // namespace mom

#endif  // MOM_BASE_WATCH_POINTS_H_
