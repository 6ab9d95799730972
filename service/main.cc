// momd: composes the gateway's gRPC service and runs it until a signal.
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>

#include "absl/synchronization/mutex.h"
#include "service/base/log.h"
#include "service/base/reload_trigger.h"
#include "service/base/service_manager.h"
#include "service/config.h"
#include "service/flags.h"
#include "service/live_config.h"
#include "service/rpc/request_log.h"
#include "service/rpc/server.h"
#include "service/trace/recorder.h"
#include "service/wait_for_end.h"

namespace mom {
namespace {

int Fail(const Status& status, int code) {
  std::fprintf(stderr, "momd: %s\n", MessageOf(status).c_str());
  return code;
}

int Serve(const Flags& flags, const Config& config, std::vector<std::string> files) {
  const ServiceManager manager(ProcessEnv());
  asio::io_context loop;  // outlives the server, which stops it
  asio::signal_set signals(loop, SIGTERM, SIGINT);
  StatusOr<std::unique_ptr<Recorder>> recorder = Recorder::Open(config.trace);
  if (!recorder.ok()) return Fail(recorder.status(), 1);
  RequestLog request_log;
  RunHistory history(static_cast<std::size_t>(config.server.run_history));
  RunArchive runs(history, config.trace.debug_requests);
  std::vector<RunObserver*> observers = {&request_log, &history};
  if (*recorder) observers.push_back(recorder->get());
  TargetTable targets;
  Engine engine(MakeSnapshot(config, 1, targets), std::move(observers));
  Admission admission(config.server.admission);
  ConfigReloader<Config> reloader(
      config, ConfigRestartKeys(), [&](auto& files) { return LoadFor(flags, files); },
      [&](const Config& next, std::uint64_t generation) {
        GoLive(next, generation, targets, engine);
        admission.SetLimits(next.server.admission);
      });
  ReloadTrigger trigger(loop, std::move(files), [&] {
    manager.Reloading();
    std::vector<std::string> files_now = reloader.Reload();
    manager.Ready();
    return files_now;
  });
  EventLoopPool pool(config.server.threads, config.server.upstream);
  StatusOr<std::unique_ptr<Server>> server =
      Server::Start(config.server, engine, admission, runs, pool);
  if (!server.ok()) return Fail(server.status(), 1);
  LogConfig(config);
  for (const std::string& address : (*server)->addresses()) {
    Log(LogLevel::kInfo, "listening", {{"address", address}});
  }
  KeepAlive(loop, manager, pool.executors());
  manager.Ready();
  WaitForEnd(loop, signals, **server, manager, reloader.live());
  (*server)->Stop();
  Log(LogLevel::kInfo, "stopped");
  return 0;
}

}  // namespace

int Main(const std::vector<std::string>& args) {
  const StatusOr<Flags> flags = ParseFlags(args);
  if (!flags.ok()) return Fail(flags.status(), 2);
  if (flags->help) return std::fputs(kUsage, stdout), 0;
  if (flags->version) return std::puts("momd " MOM_VERSION), 0;
  std::vector<std::string> files;
  const StatusOr<Config> config = LoadFor(*flags, files);
  if (!config.ok()) return Fail(config.status(), 1);
  if (flags->print_config) return std::fputs(config->Print().c_str(), stdout), 0;
  if (flags->check_config) return std::fputs(config->Report().c_str(), stdout), 0;
  SetLogLevel(config->server.log_level);
  return Serve(*flags, *config, std::move(files));
}

}  // namespace mom

int main(int argc, char** argv) {
  // Debian's Abseil would look for deadlocks at every lock of gRPC's.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  std::signal(SIGPIPE, SIG_IGN);
  return mom::Main(std::vector<std::string>(argv + 1, argv + argc));
}
