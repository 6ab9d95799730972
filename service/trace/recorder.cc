#include "service/trace/recorder.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "service/base/log.h"
#include "service/trace/folder_name.h"
#include "service/trace/record_json.h"

namespace mom {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxQueued = 256;
constexpr std::chrono::seconds kFlushTime{5};

// A model's name may hold slashes and dots.
std::string FileNameOf(std::string_view name) {
  std::string out;
  for (char c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
    out.push_back(plain ? c : '_');
  }
  return out;
}

void WriteFile(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text << '\n';
  file.close();
  if (!file) Log(LogLevel::kWarning, "trace_write_failed", {{"path", path.native()}});
}

std::string AttemptFileName(const Attempt& attempt) {
  char number[16];
  std::snprintf(number, sizeof number, "%02d", attempt.number);
  return std::string(number) + "-" + NameOf(attempt.role) + "-" + FileNameOf(attempt.model) +
         ".json";
}

}  // namespace

StatusOr<std::unique_ptr<Recorder>> Recorder::Open(TraceConfig config) {
  if (config.debug_requests.empty()) return std::unique_ptr<Recorder>();
  std::error_code error;
  // A folder that was there is its owner's business.
  if (fs::create_directories(config.debug_requests, error) && !error) {
    fs::permissions(config.debug_requests, fs::perms::owner_all, fs::perm_options::replace, error);
  }
  if (error) {
    return MakeError(error == std::errc::permission_denied ? StatusCode::kPermissionDenied
                                                           : StatusCode::kNotFound,
                     "--debug-requests (trace.debug_requests): cannot make the folder " +
                         config.debug_requests + ": " + error.message(),
                     ErrorInfo());
  }
  return std::unique_ptr<Recorder>(new Recorder(std::move(config)));
}

Recorder::Recorder(TraceConfig config)
    : config_(std::move(config)), thread_([this] { WriteLoop(); }) {}

Recorder::~Recorder() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    give_up_at_ = std::chrono::steady_clock::now() + kFlushTime;
  }
  changed_.notify_all();
  thread_.join();
}

void Recorder::Finished(std::shared_ptr<const RunRecord> record) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= kMaxQueued) {
      ++dropped_;
      Log(LogLevel::kWarning, "trace_dropped", {{"dropped", dropped_}});
      return;
    }
    queue_.push_back(std::move(record));
  }
  changed_.notify_one();
}

void Recorder::WriteLoop() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return closing_ || !queue_.empty(); });
    if (queue_.empty()) return;
    if (closing_ && std::chrono::steady_clock::now() > give_up_at_) return;
    const std::shared_ptr<const RunRecord> record = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    Write(*record);
    Prune();
    lock.lock();
  }
}

void Recorder::Write(const RunRecord& record) {
  const fs::path folder = fs::path(config_.debug_requests) /
                          FolderName(record.create_time, record.request().request_id);
  std::error_code error;
  fs::create_directory(folder, error);
  if (!error) fs::permissions(folder, fs::perms::owner_all, fs::perm_options::replace, error);
  if (error) {
    Log(LogLevel::kWarning, "trace_write_failed",
        {{"path", folder.native()}, {"error", error.message()}});
    return;
  }
  WriteFile(folder / "request.json", RequestJson(record));
  for (const Attempt& attempt : record.attempts()) {
    WriteFile(folder / AttemptFileName(attempt), AttemptJson(attempt));
  }
  WriteFile(folder / "answer.json", AnswerJson(record));
}

void Recorder::Prune() {
  std::error_code error;
  std::vector<fs::path> folders;
  for (const fs::directory_entry& entry : fs::directory_iterator(config_.debug_requests, error)) {
    // Only what this class makes: the folder may hold other things of its owner's.
    if (entry.is_directory(error) && IsFolderName(entry.path().filename().native())) {
      folders.push_back(entry.path());
    }
  }
  std::sort(folders.begin(), folders.end());
  const std::string oldest =
      FolderTime(std::chrono::system_clock::now() -
                 std::chrono::duration_cast<std::chrono::system_clock::duration>(config_.max_age));
  std::size_t excess = folders.size() > static_cast<std::size_t>(config_.max_requests)
                           ? folders.size() - static_cast<std::size_t>(config_.max_requests)
                           : 0;
  for (const fs::path& folder : folders) {
    if (excess == 0 && folder.filename().native() >= oldest) break;
    if (excess > 0) --excess;
    fs::remove_all(folder, error);
  }
}

}  // namespace mom
