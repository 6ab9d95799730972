#include "clients/cli/trace_command.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "clients/cli/command_line.h"
#include "clients/cli/exit_code.h"
#include "clients/cli/table.h"
#include "clients/cli/terminal.h"
#include "clients/cli/text_lines.h"
#include "clients/cli/trace_list.h"
#include "clients/cli/trace_page.h"
#include "clients/cli/trace_text.h"
#include "service/base/address.h"
#include "service/base/environment.h"
#include "service/base/json_writer.h"
#include "service/base/units.h"
#include "service/base/utf8.h"
#include "service/base/yaml_reader.h"
#include "service/trace/reader.h"

namespace mom::cli {
namespace {

constexpr char kDefaultFolder[] = "debug-requests";
constexpr std::size_t kDefaultLimit = 30;

// Where the traces are.
struct FolderOptions {
  std::string folder;
  std::string config;

  void AddTo(CommandLine& command_line) {
    command_line.AddValue("--dir", "DIR", "momd's folder of traces (debug-requests)",
                          [this](std::string value) { folder = std::move(value); });
    command_line.AddValue("--config", "FILE",
                          "take it from `trace.debug_requests` of momd's config",
                          [this](std::string value) { config = std::move(value); });
  }
};

StatusOr<std::string> FromConfig(const std::string& file) {
  StatusOr<std::shared_ptr<YamlDocument>> document = YamlDocument::Load(file, ProcessEnv());
  if (!document.ok()) return document.status();
  YamlReader root = (*document)->Root();
  YamlReader trace = root.Child("trace");
  std::string folder;
  trace.Read("debug_requests", folder);
  if (folder.empty()) {
    trace.Error("debug_requests",
                "names no folder, so momd writes no traces by it; set it, or name a folder by "
                "--dir");
  }
  if (const Status status = (*document)->status(); !status.ok()) return status;
  return ResolvePath((*document)->directory(), folder);
}

// The folder, and what is in it.
struct Traces {
  std::string directory;
  TraceFolders folders;
};

StatusOr<Traces> OpenTraces(const FolderOptions& options) {
  Traces traces;
  traces.directory = options.folder.empty() ? kDefaultFolder : options.folder;
  if (options.folder.empty() && !options.config.empty()) {
    StatusOr<std::string> folder = FromConfig(options.config);
    if (!folder.ok()) return folder.status();
    traces.directory = *std::move(folder);
  }
  StatusOr<TraceFolders> folders = ListTraces(traces.directory);
  if (!folders.ok()) {
    return MakeError(StatusCode::kNotFound,
                     MessageOf(folders.status()) +
                         "; start momd with --debug-requests, or name its folder by --dir",
                     ErrorInfo());
  }
  traces.folders = *std::move(folders);
  return traces;
}

// Names of files may be anything.
std::string Shown(const std::string& text) { return OneLine(ToValidUtf8(text)); }

void TellSkipped(const std::string& folder, const std::string& why) {
  std::fprintf(stderr, "mom: skipped %s: %s\n", Shown(folder).c_str(), Shown(why).c_str());
}

int Print(const std::string& text) {
  const Status status = WriteOutput(text);
  return status.ok() ? kDone : Fail(status);
}

int RunList(const std::vector<std::string>& args) {
  CommandLine command_line("trace list", "",
                           "Lists the traces in momd's folder, the newest first.");
  FolderOptions options;
  std::size_t limit = kDefaultLimit;
  std::string wrong_limit;
  bool json = false;
  options.AddTo(command_line);
  command_line.AddValue("--limit", "N", "how many at most (30); 0 for all",
                        [&](const std::string& value) {
                          const auto number = ParseInteger(value);
                          if (number && *number >= 0) {
                            limit = static_cast<std::size_t>(*number);
                          } else {
                            wrong_limit = value;
                          }
                        });
  command_line.AddSwitch("--json", "print a JSON array", [&] { json = true; });
  if (const auto exit_code = command_line.Read(args)) return *exit_code;
  if (!wrong_limit.empty()) {
    return FailUsage("trace list: --limit must be a whole number, not " + wrong_limit);
  }
  const StatusOr<Traces> traces = OpenTraces(options);
  if (!traces.ok()) return FailUsage(MessageOf(traces.status()));

  for (const std::string& folder : traces->folders.foreign) TellSkipped(folder, "no trace");
  std::vector<std::vector<std::string>> rows = {TraceListHead()};
  JsonWriter list;
  list.BeginArray();
  std::size_t listed = 0;
  for (const std::string& folder : traces->folders.traces) {
    if (limit > 0 && listed == limit) break;
    const StatusOr<Trace> trace = ReadTrace(traces->directory, folder);
    if (!trace.ok()) {
      TellSkipped(folder, MessageOf(trace.status()));
      continue;
    }
    ++listed;
    json ? WriteTraceListRow(*trace, list) : rows.push_back(TraceListRow(*trace));
  }
  list.EndArray();
  return Print(json ? list.TakeString() + "\n" : FormatTable(rows));
}

// The one trace that the first word of a command line means.
StatusOr<Trace> ReadOne(const FolderOptions& options, const std::string& id) {
  const StatusOr<Traces> traces = OpenTraces(options);
  if (!traces.ok()) return traces.status();
  const StatusOr<std::string> folder = FindTrace(traces->folders, id);
  if (!folder.ok()) {
    return absl::NotFoundError(traces->directory + ": " + MessageOf(folder.status()));
  }
  StatusOr<Trace> trace = ReadTrace(traces->directory, *folder);
  if (!trace.ok()) {
    return absl::FailedPreconditionError(traces->directory + "/" + *folder + "/" +
                                         MessageOf(trace.status()));
  }
  return trace;
}

// Lines longer than this are hard to read, and unknown widths are guessed.
constexpr std::size_t kLeastColumns = 60;
constexpr std::size_t kUsualColumns = 100;

TraceLook OutputLook() {
  const Terminal terminal = OutputTerminal(ProcessEnv());
  TraceLook look;
  look.columns = terminal.is_there ? std::max(OutputSize().columns, kLeastColumns) : kUsualColumns;
  look.colour = terminal.has_colour;
  look.unicode = DescribeTerminal(ProcessEnv()).has_unicode;
  return look;
}

int RunShow(const std::vector<std::string>& args) {
  CommandLine command_line("trace show", "ID",
                           "Shows one request: its calls on a timeline, each candidate, the "
                           "critic's prompt and\nanswer, and the answer. ID is a request's id, its "
                           "beginning or end, or `latest`.");
  FolderOptions options;
  TraceLook look = OutputLook();
  options.AddTo(command_line);
  command_line.AddSwitch("--full", "print all of each text, not its first lines only",
                         [&] { look.full = true; });
  if (const auto exit_code = command_line.Read(args)) return *exit_code;
  if (command_line.words().size() != 1) {
    return FailUsage("trace show: name one trace: mom trace show ID, or `latest`");
  }
  const StatusOr<Trace> trace = ReadOne(options, command_line.words().front());
  if (!trace.ok()) return FailUsage(Shown(MessageOf(trace.status())));
  return Print(FormatTrace(*trace, look));
}

// A page holds a conversation: only its owner may read it.
Status WritePrivateFile(const std::string& path, const std::string& text) {
  const auto failed = [&] {
    return absl::FailedPreconditionError("cannot write " + path + ": " + std::strerror(errno));
  };
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return failed();
  std::FILE* const file = fdopen(descriptor, "w");
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && written ? Status() : failed();
}

int RunExport(const std::vector<std::string>& args) {
  CommandLine command_line("trace export", "ID --html [FILE]",
                           "Writes one request as one self-contained web page, by default "
                           "named as its folder; `-`\nis the standard output.");
  FolderOptions options;
  bool html = false;
  options.AddTo(command_line);
  command_line.AddSwitch("--html", "the form: a page for a browser", [&] { html = true; });
  if (const auto exit_code = command_line.Read(args)) return *exit_code;
  const std::vector<std::string>& words = command_line.words();
  if (!html || words.empty() || words.size() > 2) {
    return FailUsage("trace export: say which trace and how: mom trace export ID --html [FILE]");
  }
  const StatusOr<Trace> trace = ReadOne(options, words.front());
  if (!trace.ok()) return FailUsage(Shown(MessageOf(trace.status())));
  const std::string page = TracePage(*trace);
  const std::string path = words.size() == 2 ? words.back() : trace->folder + ".html";
  if (path == "-") return Print(page);
  const Status status = WritePrivateFile(path, page);
  if (!status.ok()) return Fail(status);
  return Print("wrote " + Shown(path) + "\n");
}

}  // namespace

int RunTrace(const std::vector<std::string>& args) {
  const std::string action = args.empty() ? "" : args.front();
  const std::vector<std::string> rest(args.begin() + (args.empty() ? 0 : 1), args.end());
  if (action == "list") return RunList(rest);
  if (action == "show") return RunShow(rest);
  if (action == "export") return RunExport(rest);
  const bool help = action == "--help" || action == "-h";
  const std::string usage =
      "usage: mom trace list | show ID | export ID --html [FILE]\n"
      "Shows what momd wrote with --debug-requests. Each has --help.\n";
  std::fputs(usage.c_str(), help ? stdout : stderr);
  return help ? kDone : kUsage;
}

}  // namespace mom::cli
