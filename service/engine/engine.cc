#include "service/engine/engine.h"

#include <algorithm>
#include <utility>

#include "service/base/nearest_name.h"
#include "service/base/reasons.h"
#include "service/base/request_id.h"
#include "service/engine/answer_cut.h"
#include "service/engine/choose_strategy.h"
#include "service/engine/explain.h"
#include "service/engine/self.h"
#include "service/engine/strategy.h"

namespace mom {
namespace {

Status UnknownModel(const std::string& name, const EngineSnapshot& snapshot, bool model_only) {
  std::vector<std::string> names;
  if (!model_only) {
    for (const MixtureConfig& mixture : snapshot.mixtures.mixtures) names.push_back(mixture.name);
  }
  for (const ModelConfig& model : snapshot.models.models) {
    if (snapshot.models.IsUsable(model.name)) names.push_back(model.name);
  }
  const std::string nearest = NearestName(name, names);
  std::string text = "The model `" + name + "` does not exist";
  const ModelConfig* off = snapshot.models.FindModel(name);
  if (off != nullptr) {
    text = "The model `" + name + "` is off: its provider " + off->provider + " has no key; set " +
           snapshot.models.FindProvider(off->provider)->off_because + " for momd.";
  } else if (snapshot.mixtures.Find(name) != nullptr) {
    text = "`" + name + "` is a mixture, and ModelQuery asks one model; use Synthesize.";
  } else if (nearest.empty()) {
    text += "; ListModels (GET /v1/models) lists those that do.";
  } else {
    text += "; did you mean `" + nearest + "`?";
  }
  ErrorInfo info;
  info.reason = reason::kModelNotFound;
  info.field = "model";
  return MakeError(StatusCode::kNotFound, text, std::move(info));
}

// A model that is asked by its own name is a mixture of one.
MixtureConfig MixtureOfOne(const ModelConfig& model) {
  MixtureConfig mixture;
  mixture.name = model.name;
  mixture.strategy = "single";
  mixture.members = {model.name};
  mixture.graft = mixture.repair = false;  // its answer is as it is
  mixture.timeout = model.timeouts.total;
  return mixture;
}

StatusOr<MixtureConfig> FindMixture(const EngineSnapshot& snapshot, const RunRequest& request) {
  const std::string name = request.model.empty() ? kDefaultMixture : request.model;
  const MixtureConfig* mixture = request.model_only ? nullptr : snapshot.mixtures.Find(name);
  if (mixture != nullptr) return *mixture;
  const RegisteredModel* model = snapshot.registry.Find(name);
  if (model != nullptr) return MixtureOfOne(model->config);
  return UnknownModel(name, snapshot, request.model_only);
}

Status KeepOnly(const std::vector<std::string>& wanted, MixtureConfig& mixture) {
  std::vector<std::string> kept;
  for (const std::string& name : mixture.members) {
    if (std::find(wanted.begin(), wanted.end(), name) != wanted.end()) kept.push_back(name);
  }
  for (const std::string& name : wanted) {
    if (std::find(kept.begin(), kept.end(), name) == kept.end()) {
      return InvalidField("members", "has `" + name + "`, which is no member of `" + mixture.name +
                                         "`; its members are " + JoinNames(mixture.members));
    }
  }
  mixture.members = std::move(kept);
  return Status();
}

// The mixture with the request's own overrides.
StatusOr<MixtureConfig> ResolveMixture(const EngineSnapshot& snapshot, const RunRequest& request) {
  StatusOr<MixtureConfig> mixture = FindMixture(snapshot, request);
  if (!mixture.ok()) return mixture;
  if (!request.members.empty()) {
    const Status status = KeepOnly(request.members, *mixture);
    if (!status.ok()) return status;
    mixture->side_model.clear();  // the request says who is asked
  }
  if (mixture->strategy == kSelf) mixture->members = SamplesOf(*mixture);
  if (request.critic) {
    if (snapshot.registry.Find(*request.critic) == nullptr) {
      return InvalidField("critic", "names the model `" + *request.critic +
                                        "`, which does not exist; ListModels lists those that do");
    }
    mixture->critic = *request.critic;
    std::erase(mixture->critic_fallbacks, mixture->critic);  // nobody is asked twice
  }
  if (request.quorum) {
    const int members = static_cast<int>(mixture->members.size());
    if (*request.quorum < 1 || *request.quorum > members) {
      return InvalidField("quorum",
                          "must be 1 to " + std::to_string(members) + ", the number of members");
    }
    mixture->quorum = *request.quorum;
  }
  return mixture;
}

StrategyChoice Choose(RunContext& context, const EngineSnapshot& snapshot) {
  const MixtureConfig& mixture = context.mixture();
  if (snapshot.mixtures.Find(mixture.name) == nullptr) {
    return {mixture.strategy, "one model was asked for", {}};
  }
  if (mixture.strategy != kAuto) return {mixture.strategy, "configured", {}};
  return ChooseStrategy(mixture, context.contract().kind, *context.chat());
}

Deadline DeadlineOf(const RunRequest& request, const MixtureConfig& mixture) {
  Deadline deadline = Deadline::Earliest(request.deadline, Deadline::After(mixture.timeout));
  if (request.timeout) deadline = Deadline::Earliest(deadline, Deadline::After(*request.timeout));
  return deadline;
}

Status EndOf(const RunContext& context, const EngineSnapshot& snapshot, const Status& failure) {
  if (!context.committed()) return failure;
  const std::string& name = context.mixture().name;
  return AnswerCut(failure, snapshot.mixtures.Find(name) == nullptr ? "" : name);
}

std::shared_ptr<const Answer> MakeAnswer(const RunContext& context, RunRecord& record,
                                         const Outcome& outcome) {
  auto answer = std::make_shared<Answer>();
  answer->id = record.id;
  answer->request_id = record.request().request_id;
  answer->create_time = record.create_time;
  answer->model = record.request().model.empty() ? kDefaultMixture : record.request().model;
  answer->strategy = record.strategy;
  answer->strategy_reason = record.strategy_reason;
  answer->contract = record.contract;
  answer->answered_by = outcome.answered_by;
  answer->completion = context.emitted();
  answer->completion.finish_reason = outcome.finish_reason;
  const bool has_calls = !answer->completion.tool_calls.empty();
  if (has_calls && outcome.finish_reason == FinishReason::kStop) {
    answer->completion.finish_reason = FinishReason::kToolCalls;
  } else if (!has_calls && (outcome.finish_reason == FinishReason::kToolCalls ||
                            outcome.finish_reason == FinishReason::kFunctionCall)) {
    answer->completion.finish_reason = FinishReason::kStop;  // they were left out
  }
  answer->completion.usage = outcome.answer_usage;
  answer->completion.upstream_model = outcome.upstream_model;
  answer->answer_usage = outcome.answer_usage;
  answer->model_usages = record.ModelUsages();
  for (const ModelUsage& usage : answer->model_usages) answer->usage += usage.usage;
  record.AddUpCandidates();
  Explain(outcome.answered_by, answer->completion, record.candidates);
  answer->candidates = record.candidates;
  answer->degraded_reasons = record.degraded_reasons;
  answer->notes = record.notes;
  answer->time_to_first_token = outcome.time_to_first_token;
  return answer;
}

}  // namespace

// Tells the observers, on every way out of a run.
class Engine::Finisher {
 public:
  Finisher(Engine& engine, std::shared_ptr<RunRecord> record, const EventSink& sink)
      : engine_(engine), record_(std::move(record)), sink_(sink) {
    ++engine_.active_;
  }
  ~Finisher() {
    record_->latency = std::chrono::steady_clock::now() - record_->start;
    if (!ended_) record_->status = sink_.CancelReason();
    --engine_.active_;
    record_->Close([observers = engine_.observers_](std::shared_ptr<const RunRecord> record) {
      for (RunObserver* observer : observers) observer->Finished(record);
    });
  }
  Finisher(const Finisher&) = delete;
  Finisher& operator=(const Finisher&) = delete;

  Status End(Status status) {
    ended_ = true;
    record_->status = status;
    return status;
  }

 private:
  Engine& engine_;
  std::shared_ptr<RunRecord> record_;
  const EventSink& sink_;
  bool ended_ = false;
};

Engine::Engine(std::shared_ptr<const EngineSnapshot> snapshot, std::vector<RunObserver*> observers)
    : snapshot_(std::move(snapshot)), observers_(std::move(observers)) {}

std::shared_ptr<const EngineSnapshot> Engine::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

void Engine::SetSnapshot(std::shared_ptr<const EngineSnapshot> snapshot) {
  const std::lock_guard lock(mutex_);
  paces_.OnReload(snapshot_->models, snapshot->models);
  snapshot_ = std::move(snapshot);
}

asio::awaitable<Status> Engine::Run(RunRequest request, HttpClient& http, EventSink& sink) {
  const std::shared_ptr<const EngineSnapshot> pinned = snapshot();
  const bool capture = std::any_of(observers_.begin(), observers_.end(),
                                   [](RunObserver* o) { return o->wants_capture(); });
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  auto record = std::make_shared<RunRecord>(std::move(request), capture, executor);
  record->id = "chatcmpl-" + RandomHex();
  record->create_time = std::chrono::system_clock::now();
  record->start = std::chrono::steady_clock::now();
  record->config_generation = pinned->generation;
  Finisher finisher(*this, record, sink);

  StatusOr<MixtureConfig> mixture = ResolveMixture(*pinned, record->request());
  if (!mixture.ok()) co_return finisher.End(mixture.status());
  const Deadline deadline = DeadlineOf(record->request(), *mixture);
  RunContext context(pinned->registry, paces_, extras_, *std::move(mixture), record, http, deadline,
                     sink);
  StrategyChoice choice = Choose(context, *pinned);
  context.SetStrategy(choice.name, std::move(choice.members));
  record->strategy = std::move(choice.name);
  record->strategy_reason = std::move(choice.why);
  record->contract = NameOf(context.contract().kind);
  StartedEvent started;
  started.id = record->id;
  started.request_id = record->request().request_id;
  started.create_time = record->create_time;
  started.model = context.mixture().name;
  started.strategy = record->strategy;
  started.members = context.mixture().members;
  Status status = co_await context.Send(std::move(started));
  if (status.ok()) {
    std::string detail = record->strategy + ": " + record->strategy_reason;
    status = co_await context.TellStage("strategy", std::string(), std::move(detail));
  }
  if (!status.ok()) co_return finisher.End(status);

  StatusOr<Outcome> outcome = co_await FindStrategy(record->strategy)->Run(context);
  // Cancelled stragglers need a turn to end: the sums must have them.
  co_await record->WaitIdle();
  if (!outcome.ok()) co_return finisher.End(EndOf(context, *pinned, outcome.status()));
  CompletedEvent completed;
  completed.answer = MakeAnswer(context, *record, *outcome);
  record->answer = completed.answer;
  status = co_await context.Send(std::move(completed));
  co_return finisher.End(EndOf(context, *pinned, status));
}

}  // namespace mom
