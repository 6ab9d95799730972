// One request on its way through the engine: what was asked, and the record of all that was done.
#ifndef MOM_ENGINE_RUN_H_
#define MOM_ENGINE_RUN_H_

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/base/async_event.h"
#include "service/base/deadline.h"
#include "service/base/trace_context.h"
#include "service/contract/contract_kind.h"
#include "service/engine/event.h"
#include "service/model/attempt.h"
#include "service/model/chat.h"

namespace mom {

// What a caller wants.
struct RunRequest {
  std::string model;        // a mixture or a model; empty: "mom"
  bool model_only = false;  // ModelQuery: a mixture's name is not found
  std::shared_ptr<const ChatRequest> chat;
  std::vector<std::string> members;
  std::optional<std::string> critic;
  std::optional<int> quorum;
  std::optional<ContractChoice> contract;  // unset: as the mixture has it
  Deadline deadline;                       // the client's
  std::optional<std::chrono::nanoseconds> timeout;
  std::string request_id;  // valid
  std::optional<TraceContext> trace;
  bool streaming = false;  // whether deltas are shown as they come; else only the end is
  bool want_candidate_deltas = false;
  bool want_progress = false;
};

// What was done. Owner: shared by the run and its attempts' streams, which may end a little after
// it. Thread: the request's loop, until it is handed to the observers.
class RunRecord final : public AttemptLog, public std::enable_shared_from_this<RunRecord> {
 public:
  RunRecord(RunRequest request, bool capture, const asio::any_io_executor& executor)
      : request_(std::move(request)),
        capture_(capture),
        idle_(std::make_unique<AsyncEvent>(executor)) {
    idle_->Set();
  }

  int Started(const Attempt& attempt) override;
  void Finished(Attempt attempt) override;
  bool capture() const override { return capture_; }

  const RunRequest& request() const { return request_; }
  // In the order of start; those under way have no latency yet.
  const std::vector<Attempt>& attempts() const { return attempts_; }
  int open_attempts() const { return open_; }
  // Suspends until no attempt is under way: cancelled ones need a turn of the loop to end.
  asio::awaitable<void> WaitIdle();
  // The run is over: calls `done` with this record once its last attempt is over too.
  void Close(std::function<void(std::shared_ptr<const RunRecord>)> done);
  // Sums by model, in the order of first use.
  std::vector<ModelUsage> ModelUsages() const;
  // Adds a member that is asked or skipped, and numbers it. The reference holds until the next.
  Candidate& Add(Candidate candidate);
  // Puts into a candidate what its attempts took so far, and how long it took where it does not
  // know itself, as it was cancelled.
  void AddUp(Candidate& candidate) const;
  void AddUpCandidates();

  // Set by the engine.
  std::string id;
  std::string strategy;         // the one that runs: never "auto"
  std::string strategy_reason;  // one line for people: why that one
  std::string contract;  // the form that the answer must keep, as NameOf(ContractKind) has it
  std::chrono::system_clock::time_point create_time;
  std::chrono::steady_clock::time_point start;
  std::chrono::nanoseconds latency{0};
  std::uint64_t config_generation = 0;
  Status status;                         // of the whole run
  std::shared_ptr<const Answer> answer;  // null where it failed
  // Members that were asked or skipped, in the mixture's order, by Add(). A member is here from the
  // start of its first attempt on.
  std::vector<Candidate> candidates;
  std::vector<StageEvent> stages;
  std::vector<std::string> degraded_reasons;
  // What the config made of the request (what was left out for a model that cannot take it, whose
  // place another critic took): no less than was promised.
  std::vector<std::string> notes;

 private:
  void HandOver();

  RunRequest request_;
  bool capture_;
  std::vector<Attempt> attempts_;
  int open_ = 0;
  std::unique_ptr<AsyncEvent> idle_;  // gone once the run is over: a record may outlive its loop
  std::function<void(std::shared_ptr<const RunRecord>)> done_;
};

// Who is told of every run that is over: the log, the trace, later the ledger.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  // Once for each run, answered, failed or cancelled, when its last attempt is over. Called on the
  // run's loop; must not block. The record does not change any more.
  virtual void Finished(std::shared_ptr<const RunRecord> record) = 0;
  // Whether it wants bodies and answers of attempts captured.
  virtual bool wants_capture() const { return false; }
};

}  // namespace mom

#endif  // MOM_ENGINE_RUN_H_
