// What a run tells while it goes.
#ifndef MOM_ENGINE_EVENT_H_
#define MOM_ENGINE_EVENT_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "service/engine/candidate.h"
#include "service/model/chat.h"

namespace mom {

// What one model took in a request.
struct ModelUsage {
  std::string model;
  std::string provider;
  Usage usage;
  int attempts = 0;
};

// The end of a run that has an answer. Fields mean what SynthesizeResponse in proto/mom/v1 says.
struct Answer {
  std::string id;
  std::string request_id;
  std::chrono::system_clock::time_point create_time;
  std::string model;
  std::string strategy;
  std::string strategy_reason;
  std::string contract;
  std::string answered_by;
  Completion completion;  // finish_reason is set
  Usage answer_usage;
  Usage usage;  // the sum of model_usages
  std::vector<ModelUsage> model_usages;
  std::vector<Candidate> candidates;
  std::vector<std::string> degraded_reasons;
  std::vector<std::string> notes;                               // as RunRecord's
  std::optional<std::chrono::nanoseconds> time_to_first_token;  // of the model that answered

  bool degraded() const { return !degraded_reasons.empty(); }
};

struct StartedEvent {
  std::string id;
  std::string request_id;
  std::chrono::system_clock::time_point create_time;
  std::string model;
  std::string strategy;
  std::vector<std::string> members;
};
// Only where the request asks for them.
struct CandidateDeltaEvent {
  std::string model;
  int number = 0;  // the candidate's
  ChatDelta delta;
};
// Only where the request asks for progress.
struct CandidateFinishedEvent {
  Candidate candidate;
};
// Only where the request asks for progress.
struct StageEvent {
  std::string name;  // one of those that Stage in proto/mom/v1 has
  std::string model;
  std::string detail;
  std::chrono::nanoseconds at{0};  // since the run's start
};
// A piece of the answer: text, reasoning, refusal or tool calls only.
struct DeltaEvent {
  ChatDelta delta;
};
// The last one, where the run succeeds. Equal to the sum of the deltas.
struct CompletedEvent {
  std::shared_ptr<const Answer> answer;
};

using Event = std::variant<StartedEvent, CandidateDeltaEvent, CandidateFinishedEvent, StageEvent,
                           DeltaEvent, CompletedEvent>;

}  // namespace mom

#endif  // MOM_ENGINE_EVENT_H_
