// How a mixture turns candidates into one answer.
#ifndef MOM_ENGINE_STRATEGY_H_
#define MOM_ENGINE_STRATEGY_H_

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/contract/contract.h"
#include "service/contract/tool_calls.h"
#include "service/engine/call_extras.h"
#include "service/engine/event_sink.h"
#include "service/engine/mixture_config.h"
#include "service/engine/pace.h"
#include "service/engine/run.h"
#include "service/model/model_registry.h"
#include "service/net/http_client.h"

namespace mom {

// What a strategy ends with. The text itself went through RunContext::Emit.
struct Outcome {
  FinishReason finish_reason = FinishReason::kStop;
  std::string answered_by;
  Usage answer_usage;
  std::optional<std::chrono::nanoseconds> time_to_first_token;
  std::string upstream_model;
};

// Retries of one request, over all its models.
inline constexpr int kMostRetries = 3;

// The calls of models that a strategy makes for one request. It never makes more than most().
struct CallPlan {
  int calls = 0;      // where all goes well
  int fallbacks = 0;  // each in place of one that failed
  int most() const { return calls + fallbacks + kMostRetries; }
};

// The outcome where `model` gave the whole answer.
Outcome OutcomeOf(std::string model, const Completion& completion,
                  std::optional<std::chrono::nanoseconds> time_to_first_token);

// All that a strategy works with; lives as long as the run. Thread: the request's loop.
class RunContext {
 public:
  // `mixture` has the request's own overrides applied.
  RunContext(const ModelRegistry& registry, PaceTable& paces, CallExtras& extras,
             MixtureConfig mixture, std::shared_ptr<RunRecord> record, HttpClient& http,
             Deadline deadline, EventSink& sink);

  const MixtureConfig& mixture() const { return mixture_; }
  // Puts the strategy that runs in the place of `auto`, and `members` in that of the mixture's,
  // where there are any.
  void SetStrategy(std::string name, std::vector<std::string> members) {
    mixture_.strategy = std::move(name);
    if (!members.empty()) mixture_.members = std::move(members);
  }
  const RunRequest& request() const { return record_->request(); }
  const std::shared_ptr<const ChatRequest>& chat() const { return request().chat; }
  // What the request says of tool calls. Never null.
  const std::shared_ptr<ToolRules>& tool_rules() const { return tool_rules_; }
  // The form that the answer must keep; found when it is first asked for.
  const Contract& contract();
  RunRecord& record() { return *record_; }
  Deadline deadline() const { return deadline_; }
  // The request's whole time, from its start.
  Deadline::Duration WholeTime() const;
  // When an answer must be there: a little is kept to send it.
  Deadline AnswerLimit() const;
  // Whether the answer must be whole before any of it is shown.
  bool holds_all() const { return !request().streaming || mixture_.stream_hold == "all"; }

  // Whether one model was asked for by its own name.
  bool is_one_model() const { return mixture_.members.front() == mixture_.name; }

  // Null where there is none of that name.
  const ModelConfig* FindModel(const std::string& name) const;
  // Whether a model that FindModel knows would be asked now, by what its target has shown.
  bool WouldBeAsked(const std::string& name) const;
  // How fast a model is that FindModel knows. Never null.
  std::shared_ptr<Pace> PaceOf(const std::string& model) { return paces_.Get(model); }
  // Begins a call to a model that FindModel knows; `chat` is what it can take of the request's.
  // `others`: as CallContext has them.
  std::unique_ptr<DeltaStream> Ask(const std::string& model,
                                   std::shared_ptr<const ChatRequest> chat, CallRole role,
                                   Deadline deadline, Others others = {});
  // The same for a candidate, one of the record's.
  std::unique_ptr<DeltaStream> AskMember(const Candidate& candidate,
                                         std::shared_ptr<const ChatRequest> chat, Deadline deadline,
                                         Others others = {});

  // Sends an event; the client has until the deadline to take it, and a moment at least. Errors as
  // EventSink::Send; the same holds for what follows.
  asio::awaitable<Status> Send(Event event);
  // Sends a piece of the answer.
  asio::awaitable<Status> Emit(ChatDelta delta);
  // Sends a whole answer of `model` as one piece, without its reasoning where some is out already,
  // and of its tool calls those that may go out (service/contract/tool_calls.h). A mixture's calls
  // get ids that name `model` (call_id.h); of a model that was asked for by its own name they keep
  // theirs, but for missing and doubled ones.
  asio::awaitable<Status> EmitWhole(const Completion& completion, std::string_view model);
  // Events for clients that asked for progress; nothing for others.
  asio::awaitable<Status> TellStage(std::string name, std::string model, std::string detail);
  asio::awaitable<Status> TellCandidate(const Candidate& candidate);
  asio::awaitable<Status> TellCandidateDelta(const Candidate& candidate, ChatDelta delta);
  // Notes, once, what the config made of the request: no less than was promised.
  void Note(std::string what);
  // Notes, once, that the answer is less than the mixture promises.
  void Degrade(std::string reason);

  // The sum of all pieces sent.
  const Completion& emitted() const { return emitted_; }
  // Whether the client has seen anything of the answer: from then on nothing can be replaced.
  bool committed() const { return request().streaming && anything_emitted_; }

 private:
  std::unique_ptr<DeltaStream> Call(const std::string& model,
                                    std::shared_ptr<const ChatRequest> chat, CallContext call);

  const ModelRegistry& registry_;
  PaceTable& paces_;
  CallExtras& extras_;
  MixtureConfig mixture_;
  std::shared_ptr<RunRecord> record_;
  HttpClient& http_;
  Deadline deadline_;
  EventSink& sink_;
  // Shared by all calls. What a strategy plans and these are all that a request can cost.
  const std::shared_ptr<int> retries_left_ = std::make_shared<int>(kMostRetries);
  const std::shared_ptr<ToolRules> tool_rules_;
  std::optional<Contract> contract_;
  Completion emitted_;
  bool anything_emitted_ = false;
};

// Stateless; one object serves all runs.
class Strategy {
 public:
  virtual ~Strategy() = default;
  // Asks the mixture's members and emits the answer. An error: nobody answered, or the answer broke
  // off after a part of it was emitted.
  virtual asio::awaitable<StatusOr<Outcome>> Run(RunContext& context) const = 0;
  // What Run() may cost for that mixture.
  virtual CallPlan Plan(const MixtureConfig& mixture) const = 0;
};

// Null where no strategy has that name (strategy_keys.h has the list; `auto` is none:
// choose_strategy.h). Lives for ever.
const Strategy* FindStrategy(std::string_view name);

// What the request's error is where no candidate has an answer: the members' own where there is one
// or they agree (all rate-limited, all context too long), else ALL_MEMBERS_FAILED with each one's
// reason. There must be one candidate at least.
Status AggregateFailure(const std::vector<Candidate>& candidates);

}  // namespace mom

#endif  // MOM_ENGINE_STRATEGY_H_
