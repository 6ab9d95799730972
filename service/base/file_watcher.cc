#include "service/base/file_watcher.h"

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "service/base/watch_points.h"

namespace mom {
namespace {

using boost::system::error_code;

// A file that is written counts when it is closed: before, it may be half there.
constexpr std::uint32_t kFolderEvents = IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM |
                                        IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF |
                                        IN_ONLYDIR;
// A file that alone is mounted (into a container) is written without its folder knowing.
constexpr std::uint32_t kFileEvents = IN_CLOSE_WRITE | IN_ATTRIB;

Status CannotWatch(const std::string& what, int error) {
  std::string text = "cannot watch " + what + " (" + std::strerror(error) + ")";
  if (error == EMFILE) text += "; raise fs.inotify.max_user_instances";
  if (error == ENOSPC) text += "; raise fs.inotify.max_user_watches";
  return absl::FailedPreconditionError(text);
}

}  // namespace

FileWatcher::FileWatcher(asio::io_context& loop, Debounce debounce,
                         std::function<void()> maybe_changed)
    : inotify_(loop), timer_(loop), debounce_(debounce), maybe_changed_(std::move(maybe_changed)) {}

Status FileWatcher::Open() {
  if (inotify_.is_open()) return Status();
  const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd < 0) return CannotWatch("files", errno);
  inotify_.assign(fd);
  ReadEvents();
  return Status();
}

Status FileWatcher::Watch(std::vector<std::string> paths) {
  if (const Status status = Open(); !status.ok()) return status;
  paths_ = std::move(paths);
  Status result;
  std::map<int, std::set<std::string>> watches;
  for (const std::string& path : paths_) result.Update(AddPath(path, watches));
  for (const auto& [watch, names] : watches_) {
    if (!watches.contains(watch)) ::inotify_rm_watch(inotify_.native_handle(), watch);
  }
  watches_ = std::move(watches);
  return result;
}

Status FileWatcher::AddPath(const std::string& path,
                            std::map<int, std::set<std::string>>& watches) {
  for (const WatchPoint& point : WatchPointsOf(path)) {
    const int watch =
        ::inotify_add_watch(inotify_.native_handle(), point.folder.c_str(), kFolderEvents);
    if (watch < 0) return CannotWatch(point.folder, errno);
    watches[watch].insert(point.name);
  }
  const int watch = ::inotify_add_watch(inotify_.native_handle(), path.c_str(), kFileEvents);
  if (watch >= 0) watches[watch];  // else its folder tells when it is there
  return Status();
}

void FileWatcher::ReadEvents() {
  inotify_.async_read_some(asio::buffer(buffer_), [this](error_code error, std::size_t bytes) {
    if (error) return;
    Take(bytes);
    ReadEvents();
  });
}

void FileWatcher::Take(std::size_t bytes) {
  bool any = false;
  for (std::size_t at = 0; at < bytes;) {
    const auto& event = *reinterpret_cast<const inotify_event*>(buffer_.data() + at);
    any = Matters(event) || any;
    at += sizeof(inotify_event) + event.len;
  }
  if (any) Hit();
}

bool FileWatcher::Matters(const inotify_event& event) {
  if ((event.mask & IN_Q_OVERFLOW) != 0) return true;
  const auto found = watches_.find(event.wd);
  if (found == watches_.end()) return false;
  if ((event.mask & IN_IGNORED) != 0) {
    watches_.erase(found);  // the folder or file is gone
    return true;
  }
  return event.len == 0 || found->second.contains(event.name);
}

void FileWatcher::Hit() {
  timer_.expires_at(debounce_.Hit(std::chrono::steady_clock::now()));
  timer_.async_wait([this](error_code error) {
    if (error) return;
    debounce_.Reset();
    // Before the files are read: where a link leads elsewhere now, that is what must be watched.
    // What cannot be watched was told when the paths were given.
    Watch(paths_).IgnoreError();
    maybe_changed_();
  });
}

}  // namespace mom
