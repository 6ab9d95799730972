// When a program is to read its config again.
#ifndef MOM_BASE_RELOAD_TRIGGER_H_
#define MOM_BASE_RELOAD_TRIGGER_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <functional>
#include <string>
#include <vector>

#include "service/base/file_watcher.h"

namespace mom {

// At once on SIGHUP, which no longer ends the process, and shortly after a change of a file. Where
// files cannot be watched, which is logged (config_not_watched), SIGHUP still works.
// Thread: the loop's only. Lifetime: the loop does not run any more when it goes.
class ReloadTrigger {
 public:
  // `reload` is called on the loop and gives the files to watch from then on; `files`: until then.
  ReloadTrigger(asio::io_context& loop, std::vector<std::string> files,
                std::function<std::vector<std::string>()> reload);

 private:
  void AwaitHangup();
  void Watch(std::vector<std::string> files);

  std::function<std::vector<std::string>()> reload_;
  asio::signal_set hangup_;
  FileWatcher watcher_;
};

}  // namespace mom

#endif  // MOM_BASE_RELOAD_TRIGGER_H_
