// Reads a program's config again while it runs.
#ifndef MOM_BASE_CONFIG_RELOADER_H_
#define MOM_BASE_CONFIG_RELOADER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "service/base/status.h"

namespace mom {

// A key whose value is only used at the start.
template <typename Config>
struct RestartKey {
  const char* name;  // "server.listen"
  bool (*differs)(const Config& a, const Config& b);
};

// RestartKey::differs for the member at the end of `Path`: &Config::server, &ServerConfig::listen.
template <typename Config, auto... Path>
bool MemberDiffers(const Config& a, const Config& b) {
  return (a.*....*Path) != (b.*....*Path);
}

// What the log says of a reload: the events config_invalid (an error, with every mistake; the old
// config stays), config_unchanged, config_live, and config_needs_restart (a warning, with the keys)
// where some of a live config waits for the next start.
void LogInvalidConfig(const Status& mistakes, std::uint64_t generation);
void LogUnchangedConfig(std::uint64_t generation);
void LogLiveConfig(std::uint64_t generation, const std::vector<std::string>& restart_keys);

// Keeps the config that is live. Each one has a generation: 1 at the start, and one more for each
// that differs from the one before. Not thread-safe.
template <typename Config>
class ConfigReloader {
 public:
  // Reads and validates the config. `files` gets those that it was read from, or would have been
  // were they there: where one changes, the config may.
  using Load = std::function<StatusOr<Config>(std::vector<std::string>& files)>;
  // Lets a config go live; what has begun under the old one ends under it. Cannot fail: `load` has
  // found whatever is wrong.
  using Apply = std::function<void(const Config& config, std::uint64_t generation)>;

  // `running`: what the program started with.
  ConfigReloader(Config running, std::vector<RestartKey<Config>> restart_keys, Load load,
                 Apply apply)
      : started_(running),
        live_(std::move(running)),
        restart_keys_(std::move(restart_keys)),
        load_(std::move(load)),
        apply_(std::move(apply)) {}

  // Reads the config, lets it go live where it is valid and another one, and logs what came of it.
  // Gives the files to watch from now on.
  std::vector<std::string> Reload() {
    std::vector<std::string> files;
    StatusOr<Config> loaded = load_(files);
    if (!loaded.ok()) {
      LogInvalidConfig(loaded.status(), generation_);
    } else if (*loaded == live_) {
      LogUnchangedConfig(generation_);
    } else {
      live_ = *std::move(loaded);
      apply_(live_, ++generation_);
      LogLiveConfig(generation_, KeysForARestart());
    }
    return files;
  }

  // The last one that went live. The reference stays; what it refers to is replaced by Reload().
  const Config& live() const { return live_; }

 private:
  std::vector<std::string> KeysForARestart() const {
    std::vector<std::string> names;
    for (const RestartKey<Config>& key : restart_keys_) {
      if (key.differs(started_, live_)) names.emplace_back(key.name);
    }
    return names;
  }

  const Config started_;
  Config live_;
  std::uint64_t generation_ = 1;
  const std::vector<RestartKey<Config>> restart_keys_;
  const Load load_;
  const Apply apply_;
};

}  // namespace mom

#endif  // MOM_BASE_CONFIG_RELOADER_H_
