// What is known of a run, from the events that momd sent of it.
#ifndef MOM_CLIENTS_CLI_WATCH_STATE_H_
#define MOM_CLIENTS_CLI_WATCH_STATE_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "mom/v1/mom_service.pb.h"

namespace mom::cli {

// One model at work in a run.
struct WatchedModel {
  enum class Phase { kWaiting, kThinking, kWriting, kOver };

  std::string model;
  std::string name;  // the model's, and where it answers several times which one this is: "model 2"
  std::chrono::steady_clock::time_point asked;
  Phase phase = Phase::kWaiting;
  // Of these two, what was seen here until momd tells what it measured.
  std::optional<std::chrono::nanoseconds> time_to_first_token;
  std::optional<std::chrono::nanoseconds> latency;
  std::size_t seen_bytes = 0;  // of its text and reasoning
  std::optional<v1::Usage> usage;
  std::optional<v1::Candidate> candidate;  // of a member, as soon as momd told of it

  void Saw(const v1::Delta& delta, std::chrono::steady_clock::time_point now);
  void SetOver(std::chrono::steady_clock::time_point now);
  // What it has written so far, by its bytes.
  std::int64_t GuessedTokens() const { return static_cast<std::int64_t>((seen_bytes + 3) / 4); }
};

// Pure: the clock is an argument.
class WatchState {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit WatchState(Time start) : start_(start) {}

  void Take(const v1::SynthesizeStreamResponse& event, Time now);
  // The call is over; `completed` has come before where it has an answer.
  void End(Time now);

  Time start() const { return start_; }
  std::optional<Time> end() const { return end_; }
  const v1::Started& started() const { return started_; }
  const std::vector<WatchedModel>& members() const { return members_; }
  // The critic and, where it failed, its fallbacks; the last one is the one at work.
  const std::vector<WatchedModel>& critics() const { return critics_; }
  // momd's own words on the quorum; empty: it is not reached.
  const std::string& quorum() const { return quorum_; }
  // Members that have given a usable candidate.
  int usable() const;
  // The member whose candidate goes out as it is; empty: none.
  const std::string& anchor() const { return anchor_; }
  const std::optional<v1::SynthesizeResponse>& completed() const { return completed_; }

 private:
  void Take(const v1::Started& started, Time now);
  void Take(const v1::Stage& stage, Time now);
  void Take(const v1::SynthesizeResponse& completed, Time now);
  void TakeCandidate(const v1::Candidate& candidate, Time now);
  // Who writes the answer now; null: nobody is known to.
  WatchedModel* Writer();
  // By Candidate.number; null where there is none.
  WatchedModel* FindMember(int number);
  v1::Usage UsageAsCritic(const v1::ModelUsage& all) const;

  Time start_;
  std::optional<Time> end_;
  v1::Started started_;
  std::vector<WatchedModel> members_;
  std::vector<WatchedModel> critics_;
  std::string quorum_;
  std::string anchor_;
  std::optional<v1::SynthesizeResponse> completed_;
};

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_WATCH_STATE_H_
