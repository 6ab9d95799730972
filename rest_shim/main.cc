// mom-rest: the OpenAI-compatible REST shim in front of momd.
#include <absl/synchronization/mutex.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rest_shim/command_line.h"
#include "rest_shim/rest_config.h"
#include "rest_shim/rest_server.h"
#include "service/base/address.h"
#include "service/base/config_reloader.h"
#include "service/base/log.h"
#include "service/base/reload_trigger.h"
#include "service/base/service_manager.h"
#include "service/base/yaml_reader.h"

namespace {

// `files` gets those that it was read from, or would have been.
mom::StatusOr<mom::rest::RestConfig> LoadConfig(const mom::rest::CommandLine& options,
                                                std::vector<std::string>& files) {
  files.push_back(options.config);
  const auto document = mom::YamlDocument::Load(options.config, mom::ProcessEnv());
  if (!document.ok()) return document.status();
  mom::YamlReader root = (*document)->Root();
  mom::rest::RestConfig config = mom::rest::ReadRestConfig(root, (*document)->directory());
  if (const mom::Status status = (*document)->status(); !status.ok()) return status;
  if (!options.listen) return config;
  config.listen = *options.listen;
  const std::string wrong = mom::CheckAddress("", /*unix_allowed=*/false, config.listen);
  if (!wrong.empty()) return mom::InvalidField("--listen", "is wrong: " + wrong);
  return config;
}

int Fail(const mom::Status& status) {
  std::fprintf(stderr, "mom-rest: %s\n", mom::MessageOf(status).c_str());
  return 1;
}

boost::asio::awaitable<void> DrainOnSignal(boost::asio::io_context& loop,
                                           boost::asio::signal_set& signals,
                                           const mom::ServiceManager& manager,
                                           mom::rest::RestServer& server) {
  co_await signals.async_wait(boost::asio::use_awaitable);
  signals.clear();  // the next one ends the process at once
  manager.Stopping();
  mom::Log(mom::LogLevel::kInfo, "draining");
  co_await server.Drain();
  loop.stop();
}

}  // namespace

int main(int argc, char** argv) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  std::signal(SIGPIPE, SIG_IGN);
  mom::rest::CommandLine options;
  if (const auto exit_code = mom::rest::ParseCommandLine(argc, argv, options)) return *exit_code;
  std::vector<std::string> files;
  const auto config = LoadConfig(options, files);
  if (!config.ok()) return Fail(config.status());
  if (options.check_config) {
    std::puts("The part `rest` of the config is good.");
    return 0;
  }
  mom::SetLogLevel(config->log_level);

  const mom::ServiceManager manager(mom::ProcessEnv());
  boost::asio::io_context loop(1);
  mom::rest::RestServer server(loop, *config);
  mom::ConfigReloader<mom::rest::RestConfig> reloader(
      *config, mom::rest::RestRestartKeys(),
      [&](auto& named) { return LoadConfig(options, named); },
      [&](const mom::rest::RestConfig& next, std::uint64_t) {
        mom::SetLogLevel(next.log_level);
        server.Reload(next);
      });
  mom::ReloadTrigger trigger(loop, std::move(files), [&] {
    manager.Reloading();
    std::vector<std::string> files_now = reloader.Reload();
    manager.Ready();
    return files_now;
  });
  if (const mom::Status status = server.Start(); !status.ok()) return Fail(status);
  const std::string address = mom::BoundAddress(config->listen, server.port());
  mom::Log(mom::LogLevel::kInfo, "listening",
           {{"address", address}, {"service", config->service}, {"config", options.config}});
  boost::asio::signal_set signals(loop, SIGTERM, SIGINT);
  boost::asio::co_spawn(loop, DrainOnSignal(loop, signals, manager, server), boost::asio::detached);
  mom::KeepAlive(loop, manager, {});
  manager.Ready();
  loop.run();
  mom::Log(mom::LogLevel::kInfo, "stopped");
  return 0;
}
