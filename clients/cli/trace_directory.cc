#include "clients/cli/trace_directory.h"

#include <memory>
#include <utility>

#include "service/base/address.h"
#include "service/base/yaml_reader.h"

namespace mom::cli {
namespace {

constexpr char kDefaultDirectory[] = "debug-requests";

StatusOr<std::string> DirectoryFromConfig(const std::string& file, const EnvLookup& env) {
  StatusOr<std::shared_ptr<YamlDocument>> document = YamlDocument::Load(file, env);
  if (!document.ok()) return document.status();
  YamlReader root = (*document)->Root();
  YamlReader trace = root.Child("trace");
  std::string directory;
  trace.Read("debug_requests", directory);
  if (directory.empty()) {
    trace.Error("debug_requests", "names no folder; name one here, or momd's by --dir");
  }
  if (const Status status = (*document)->status(); !status.ok()) return status;
  return ResolvePath((*document)->directory(), directory);
}

StatusOr<std::string> PathOf(const TraceDirectoryOptions& options, const EnvLookup& env) {
  if (!options.directory.empty()) return options.directory;
  if (!options.config.empty()) return DirectoryFromConfig(options.config, env);
  return std::string(kDefaultDirectory);
}

}  // namespace

void TraceDirectoryOptions::AddTo(CommandLine& command_line) {
  command_line.AddValue("--dir", "DIR", "momd's folder of traces (debug-requests)",
                        [this](std::string value) { directory = std::move(value); });
  command_line.AddValue("--config", "FILE", "take it from `trace.debug_requests` of momd's config",
                        [this](std::string value) { config = std::move(value); });
}

StatusOr<Trace> TraceDirectory::Read(const std::string& folder) const {
  return ReadTrace(path, folder);
}

StatusOr<Trace> TraceDirectory::Find(const std::string& id) const {
  const StatusOr<std::string> folder = FindTrace(folders, id);
  if (!folder.ok()) {
    return MakeError(folder.status().code(), path + ": " + MessageOf(folder.status()), ErrorInfo());
  }
  StatusOr<Trace> trace = Read(*folder);
  if (trace.ok()) return trace;
  return MakeError(trace.status().code(), path + "/" + *folder + "/" + MessageOf(trace.status()),
                   ErrorInfo());
}

StatusOr<TraceDirectory> OpenTraceDirectory(const TraceDirectoryOptions& options,
                                            const EnvLookup& env) {
  StatusOr<std::string> path = PathOf(options, env);
  if (!path.ok()) return path.status();
  StatusOr<TraceFolders> folders = ListTraces(*path);
  if (folders.ok()) return TraceDirectory{*std::move(path), *std::move(folders)};
  return MakeError(
      folders.status().code(),
      MessageOf(folders.status()) +
          "; start momd with --debug-requests, or name its folder by --dir or --config",
      ErrorInfo());
}

}  // namespace mom::cli
