// Where `mom trace` finds momd's traces.
#ifndef MOM_CLIENTS_CLI_TRACE_DIRECTORY_H_
#define MOM_CLIENTS_CLI_TRACE_DIRECTORY_H_

#include <string>

#include "clients/cli/command_line.h"
#include "service/base/environment.h"
#include "service/base/status.h"
#include "service/trace/reader.h"

namespace mom::cli {

// The options that say so; empty ones were not given.
struct TraceDirectoryOptions {
  std::string directory;
  std::string config;

  void AddTo(CommandLine& command_line);
};

// A directory, and what is in it.
struct TraceDirectory {
  std::string path;
  TraceFolders folders;

  // The trace in one of its folders; see ReadTrace().
  StatusOr<Trace> Read(const std::string& folder) const;
  // The trace that `id` means; see FindTrace(). An error names the directory.
  StatusOr<Trace> Find(const std::string& id) const;
};

// The first of: --dir; `trace.debug_requests` in --config; debug-requests. An error says what to
// do.
StatusOr<TraceDirectory> OpenTraceDirectory(const TraceDirectoryOptions& options,
                                            const EnvLookup& env);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_TRACE_DIRECTORY_H_
