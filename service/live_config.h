// The config that requests run under.
#ifndef MOM_LIVE_CONFIG_H_
#define MOM_LIVE_CONFIG_H_

#include <cstdint>
#include <memory>

#include "service/config.h"
#include "service/engine/engine.h"
#include "service/flags.h"
#include "service/model/target_table.h"

namespace mom {

// The config of a command line: that of its file, and what flags put in its place. `files` as in
// LoadConfig().
StatusOr<Config> LoadFor(const Flags& flags, std::vector<std::string>& files);

// What `targets` knows of models that the engine's snapshot has, too, stays, so that one must live
// until this one is made; connections to providers belong to the loops and stay anyhow.
std::shared_ptr<const EngineSnapshot> MakeSnapshot(const Config& config, std::uint64_t generation,
                                                   TargetTable& targets);

// Lets a config go live: requests that begin from now on run under it. Not what
// ConfigRestartKeys() names.
void GoLive(const Config& config, std::uint64_t generation, TargetTable& targets, Engine& engine);

// Logs summary and warnings.
void LogConfig(const Config& config);

}  // namespace mom

#endif  // MOM_LIVE_CONFIG_H_
