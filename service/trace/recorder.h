// Writes what happened to a request into a folder of its own (`--debug-requests`).
#ifndef MOM_TRACE_RECORDER_H_
#define MOM_TRACE_RECORDER_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "service/base/status.h"
#include "service/engine/run.h"

namespace mom {

// Part `trace` of the config.
struct TraceConfig {
  std::string debug_requests;  // a folder, made with mode 0700; empty: nothing is recorded
  int max_requests = 1000;
  std::chrono::milliseconds max_age = std::chrono::hours(24 * 7);
  bool operator==(const TraceConfig&) const = default;
};

// One folder a request, named as folder_name.h says, with
//   request.json                 what the client asked, as OpenAI's JSON, and its options
//   NN-<role>-<model>.json       each attempt: the body sent, answer, error, timing, usage
//   answer.json                  the final answer and how it came about
// Headers, and so keys, are never in it. Oldest folders go when there are too many or they are too
// old. Files are written by one thread of its own; where the disk is too slow the newest records
// are dropped and counted, requests never wait. Thread-safe.
class Recorder final : public RunObserver {
 public:
  // nullptr where nothing is recorded; kPermissionDenied or kNotFound (with the path) where the
  // directory cannot be made.
  static StatusOr<std::unique_ptr<Recorder>> Open(TraceConfig config);
  ~Recorder() override;  // Writes what is queued, up to 5 s.

  void Finished(std::shared_ptr<const RunRecord> record) override;
  bool wants_capture() const override { return true; }

 private:
  explicit Recorder(TraceConfig config);
  void WriteLoop();
  void Write(const RunRecord& record);
  void Prune();

  const TraceConfig config_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<const RunRecord>> queue_;  // guarded by mutex_
  bool closing_ = false;                                // guarded by mutex_
  std::int64_t dropped_ = 0;                            // guarded by mutex_
  std::chrono::steady_clock::time_point give_up_at_;    // guarded by mutex_
  std::thread thread_;
};

}  // namespace mom

#endif  // MOM_TRACE_RECORDER_H_
