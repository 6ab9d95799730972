#include "clients/cli/trace_command.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <optional>

#include "clients/cli/command_line.h"
#include "clients/cli/exit_code.h"
#include "clients/cli/table.h"
#include "clients/cli/terminal.h"
#include "clients/cli/text_lines.h"
#include "clients/cli/trace_directory.h"
#include "clients/cli/trace_list.h"
#include "clients/cli/trace_page.h"
#include "clients/cli/trace_text.h"
#include "service/base/json_writer.h"
#include "service/base/nearest_name.h"
#include "service/base/units.h"
#include "service/base/utf8.h"

namespace mom::cli {
namespace {

// Names of files, and what is said about them, may be anything.
std::string Shown(const std::string& text) { return OneLine(ToValidUtf8(text)); }

void TellSkipped(const std::string& folder, const std::string& why) {
  std::fprintf(stderr, "mom: skipped %s: %s\n", Shown(folder).c_str(), Shown(why).c_str());
}

int Print(const std::string& text) {
  const Status status = WriteOutput(text);
  return status.ok() ? kDone : Fail(status);
}

int RunList(const std::vector<std::string>& args) {
  CommandLine command_line("trace list", "", "Lists momd's traces, the newest first.");
  TraceDirectoryOptions options;
  std::string limit_text = "30";
  bool json = false;
  options.AddTo(command_line);
  command_line.AddValue("--limit", "N", "how many at most (" + limit_text + "); 0 for all",
                        [&](std::string value) { limit_text = std::move(value); });
  command_line.AddSwitch("--json", "print a JSON array", [&] { json = true; });
  if (const auto exit_code = command_line.Read(args)) return *exit_code;
  const std::optional<std::int64_t> limit = ParseInteger(limit_text);
  if (!limit || *limit < 0) {
    return FailUsage("trace list: --limit must be a whole number, not " + limit_text);
  }
  const StatusOr<TraceDirectory> directory = OpenTraceDirectory(options, ProcessEnv());
  if (!directory.ok()) return FailUsage(Shown(MessageOf(directory.status())));

  for (const std::string& folder : directory->folders.foreign) TellSkipped(folder, "no trace");
  std::vector<std::vector<std::string>> rows = {TraceListHead()};
  JsonWriter array;
  array.BeginArray();
  std::int64_t listed = 0;
  for (const std::string& folder : directory->folders.traces) {
    if (*limit > 0 && listed == *limit) break;
    const StatusOr<Trace> trace = directory->Read(folder);
    if (!trace.ok()) {
      TellSkipped(folder, MessageOf(trace.status()));
      continue;
    }
    ++listed;
    json ? WriteTraceListRow(*trace, array) : rows.push_back(TraceListRow(*trace));
  }
  array.EndArray();
  return Print(json ? array.TakeString() + "\n" : FormatTable(rows));
}

TraceLook OutputLook() {
  constexpr std::size_t kLeastColumns = 60;
  const Terminal terminal = OutputTerminal(ProcessEnv());
  TraceLook look;
  if (terminal.is_there) look.columns = std::max(OutputSize().columns, kLeastColumns);
  look.colour = terminal.has_colour;
  look.unicode = DescribeTerminal(ProcessEnv()).has_unicode;  // a pipe ends at a terminal, too
  return look;
}

StatusOr<Trace> FindOne(const TraceDirectoryOptions& options, const std::string& id) {
  const StatusOr<TraceDirectory> directory = OpenTraceDirectory(options, ProcessEnv());
  return directory.ok() ? directory->Find(id) : directory.status();
}

int RunShow(const std::vector<std::string>& args) {
  CommandLine command_line("trace show", "ID",
                           "Shows one request: its calls on a timeline, each candidate, the "
                           "critic's prompt and\nanswer, and the answer. ID is a request's id, its "
                           "beginning or end, or `latest`.");
  TraceDirectoryOptions options;
  TraceLook look = OutputLook();
  options.AddTo(command_line);
  command_line.AddSwitch("--full", "print all of each text, not its first lines only",
                         [&] { look.full = true; });
  if (const auto exit_code = command_line.Read(args)) return *exit_code;
  if (command_line.words().size() != 1) {
    return FailUsage("trace show: name one trace: mom trace show ID, or `latest`");
  }
  const StatusOr<Trace> trace = FindOne(options, command_line.words().front());
  if (!trace.ok()) return FailUsage(Shown(MessageOf(trace.status())));
  return Print(FormatTrace(*trace, look));
}

// A page holds a conversation: only its owner may read it.
Status WritePrivateFile(const std::string& path, const std::string& text) {
  const auto failed = [&] {
    return MakeError(StatusCode::kFailedPrecondition,
                     "cannot write " + Shown(path) + ": " + std::strerror(errno), ErrorInfo());
  };
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return failed();
  std::FILE* const file = ::fdopen(descriptor, "w");
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && written ? Status() : failed();
}

int RunExport(const std::vector<std::string>& args) {
  CommandLine command_line("trace export", "ID --html [FILE]",
                           "Writes one request as one self-contained web page, by default named "
                           "as its folder; `-`\nis standard output.");
  TraceDirectoryOptions options;
  bool html = false;
  options.AddTo(command_line);
  command_line.AddSwitch("--html", "the form: a page for a browser", [&] { html = true; });
  if (const auto exit_code = command_line.Read(args)) return *exit_code;
  const std::vector<std::string>& words = command_line.words();
  if (!html || words.empty() || words.size() > 2) {
    return FailUsage("trace export: say which trace and how: mom trace export ID --html [FILE]");
  }
  const StatusOr<Trace> trace = FindOne(options, words.front());
  if (!trace.ok()) return FailUsage(Shown(MessageOf(trace.status())));
  const std::string page = TracePage(*trace);
  const std::string path = words.size() == 2 ? words.back() : trace->folder + ".html";
  if (path == "-") return Print(page);
  const Status status = WritePrivateFile(path, page);
  return status.ok() ? Print("wrote " + Shown(path) + "\n") : Fail(status);
}

struct Action {
  const char* name;
  int (*run)(const std::vector<std::string>& args);
};
constexpr Action kActions[] = {{"list", RunList}, {"show", RunShow}, {"export", RunExport}};

}  // namespace

int RunTrace(const std::vector<std::string>& args) {
  const std::string name = args.empty() ? "" : args.front();
  if (name == "--help" || name == "-h") {
    for (const Action& action : kActions) action.run({"--help"});
    return kDone;
  }
  std::vector<std::string> known;
  for (const Action& action : kActions) {
    if (name == action.name) return action.run({std::next(args.begin()), args.end()});
    known.emplace_back(action.name);
  }
  const std::string wrong = name.empty() ? "" : "unknown action \"" + name + "\"; ";
  return FailUsage("trace: " + wrong + SuggestName(name, known));
}

}  // namespace mom::cli
