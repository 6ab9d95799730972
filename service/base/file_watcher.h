// Notices that files have changed.
#ifndef MOM_BASE_FILE_WATCHER_H_
#define MOM_BASE_FILE_WATCHER_H_

#include <sys/inotify.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "service/base/debounce.h"
#include "service/base/status.h"

namespace mom {

namespace asio = boost::asio;

// Watches paths through inotify: files that are written, replaced by renaming, removed, made
// readable or linked elsewhere, also where a symbolic link on the way is swapped, as with mounted
// Kubernetes config maps. It may report what changed nothing; the reader compares. A file that is
// being written counts when its writer closes it.
// Thread: the loop's only. Lifetime: the loop does not run any more when it goes.
class FileWatcher {
 public:
  // `maybe_changed` is called on the loop, once for each burst, and may call Watch(). What happens
  // after that call began is never missed.
  FileWatcher(asio::io_context& loop, Debounce debounce, std::function<void()> maybe_changed);

  // Watches these paths, and no others from now on; they need not exist. kFailedPrecondition, with
  // the folder, where one cannot be watched; the others are.
  Status Watch(std::vector<std::string> paths);

 private:
  Status Open();
  Status AddPath(const std::string& path, std::map<int, std::set<std::string>>& watches);
  void ReadEvents();
  // Whether it is about one of the paths.
  bool Matters(const inotify_event& event);
  void Take(std::size_t bytes);
  void Hit();

  asio::posix::stream_descriptor inotify_;
  asio::steady_timer timer_;
  Debounce debounce_;
  std::function<void()> maybe_changed_;
  std::vector<std::string> paths_;
  std::map<int, std::set<std::string>> watches_;  // watch descriptor to names in that folder
  alignas(inotify_event) std::array<char, 16 * 1024> buffer_;
};

}  // namespace mom

#endif  // MOM_BASE_FILE_WATCHER_H_
