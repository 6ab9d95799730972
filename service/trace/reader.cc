#include "service/trace/reader.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "service/base/file.h"
#include "service/trace/folder_name.h"
#include "service/trace/trace_json.h"

namespace mom {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFileBytes = std::size_t{256} << 20;
constexpr std::size_t kMostNamed = 5;

Status Broken(const std::string& file, const std::string& why) {
  return absl::FailedPreconditionError(file + ": " + why);
}

// "01-member-writer.json": digits, then a dash.
bool IsAttemptFile(const fs::path& path) {
  const std::string name = path.filename().native();
  const std::size_t dash = name.find('-');
  return path.extension() == ".json" && dash != 0 && dash != std::string::npos &&
         std::all_of(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(dash),
                     [](unsigned char c) { return std::isdigit(c) != 0; });
}

Status ReadInto(const fs::path& path, Status (*read)(std::string_view, Trace&), Trace& trace) {
  const std::string name = path.filename().native();
  std::error_code error;
  if (!fs::exists(path, error)) return Broken(name, "missing");
  // A pipe would make us wait.
  if (!fs::is_regular_file(path, error)) return Broken(name, "no file");
  const StatusOr<std::string> text = ReadFile(path.native(), kMaxFileBytes);
  if (!text.ok()) return Broken(name, MessageOf(text.status()));
  const Status status = read(*text, trace);
  return status.ok() ? status : Broken(name, MessageOf(status));
}

enum class Match { kNone, kPart, kWhole };

Match MatchOf(std::string_view folder, std::string_view id) {
  const std::string_view request_id = RequestIdOf(folder);
  if (folder == id || request_id == id) return Match::kWhole;
  // The folder's end is the request id's.
  return folder.starts_with(id) || folder.ends_with(id) || request_id.starts_with(id)
             ? Match::kPart
             : Match::kNone;
}

std::vector<std::string> FoldersThatMatch(const TraceFolders& folders, std::string_view id,
                                          Match match) {
  std::vector<std::string> found;
  for (const std::string& folder : folders.traces) {
    if (MatchOf(folder, id) == match) found.push_back(folder);
  }
  return found;
}

}  // namespace

StatusOr<TraceFolders> ListTraces(const std::string& directory) {
  TraceFolders folders;
  std::error_code error;
  fs::directory_iterator entries(directory, error);
  if (error) return absl::NotFoundError(directory + ": " + error.message());
  for (; entries != fs::directory_iterator(); entries.increment(error)) {
    std::error_code unreadable;
    if (!entries->is_directory(unreadable)) continue;
    const std::string name = entries->path().filename().native();
    (IsFolderName(name) ? folders.traces : folders.foreign).push_back(name);
  }
  std::sort(folders.traces.rbegin(), folders.traces.rend());
  std::sort(folders.foreign.begin(), folders.foreign.end());
  return folders;
}

StatusOr<std::string> FindTrace(const TraceFolders& folders, std::string_view id) {
  if (folders.traces.empty()) return absl::NotFoundError("there is no trace");
  if (id == "latest") return folders.traces.front();
  std::vector<std::string> found = FoldersThatMatch(folders, id, Match::kWhole);
  if (found.empty()) found = FoldersThatMatch(folders, id, Match::kPart);
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return absl::NotFoundError("no trace matches " + std::string(id) +
                               "; `mom trace list` shows them");
  }
  std::string message = std::to_string(found.size()) + " traces match " + std::string(id) +
                        "; say one folder's name:";
  for (std::size_t i = 0; i < std::min(found.size(), kMostNamed); ++i) message += " " + found[i];
  if (found.size() > kMostNamed) message += " ...";
  return absl::InvalidArgumentError(message);
}

std::optional<std::string> NewestTrace(const TraceFolders& folders, std::string_view request_id) {
  for (const std::string& folder : folders.traces) {
    if (request_id.empty() || RequestIdOf(folder) == request_id) return folder;
  }
  return std::nullopt;
}

std::optional<std::string> TraceOfAnswer(const std::string& directory, const TraceFolders& folders,
                                         std::string_view answer_id) {
  // RequestJson() begins with both ids.
  constexpr std::size_t kStart = 512;
  const std::string quoted = "\"" + std::string(answer_id) + "\"";
  for (const std::string& folder : folders.traces) {
    std::ifstream file(fs::path(directory) / folder / "request.json", std::ios::binary);
    std::string start(kStart, '\0');
    file.read(start.data(), kStart);
    if (start.find(quoted) == std::string::npos) continue;
    const StatusOr<Trace> trace = ReadTrace(directory, folder);
    if (trace.ok() && trace->id == answer_id) return folder;
  }
  return std::nullopt;
}

StatusOr<Trace> ReadTrace(const std::string& directory, const std::string& folder) {
  const fs::path path = fs::path(directory) / folder;
  Trace trace;
  trace.folder = folder;
  Status status = ReadInto(path / "request.json", ReadRequestJson, trace);
  if (!status.ok()) return status;
  std::error_code error;
  for (fs::directory_iterator entries(path, error), end; !error && entries != end;
       entries.increment(error)) {
    if (!IsAttemptFile(entries->path())) continue;
    status = ReadInto(entries->path(), ReadAttemptJson, trace);
    if (!status.ok()) return status;
  }
  std::stable_sort(
      trace.attempts.begin(), trace.attempts.end(),
      [](const TraceAttempt& a, const TraceAttempt& b) { return a.number < b.number; });
  status = ReadInto(path / "answer.json", ReadAnswerJson, trace);
  if (!status.ok()) return status;
  return trace;
}

}  // namespace mom
