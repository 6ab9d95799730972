#include "service/engine/strategy.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "service/base/reasons.h"
#include "service/engine/arbitrate.h"
#include "service/engine/call_id.h"
#include "service/engine/cascade.h"
#include "service/engine/member_request.h"
#include "service/engine/race.h"
#include "service/engine/select.h"
#include "service/engine/self.h"
#include "service/engine/single.h"
#include "service/engine/synthesize.h"
#include "service/engine/vote.h"

namespace mom {
namespace {

void AddOnce(std::string text, std::vector<std::string>& texts) {
  if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
}

}  // namespace

Outcome OutcomeOf(std::string model, const Completion& completion,
                  std::optional<std::chrono::nanoseconds> time_to_first_token) {
  Outcome outcome;
  // A stream that came to its proper end brought one.
  outcome.finish_reason = completion.finish_reason.value();
  outcome.answered_by = std::move(model);
  outcome.answer_usage = completion.usage;
  outcome.time_to_first_token = time_to_first_token;
  outcome.upstream_model = completion.upstream_model;
  return outcome;
}

RunContext::RunContext(const ModelRegistry& registry, PaceTable& paces, CallExtras& extras,
                       MixtureConfig mixture, std::shared_ptr<RunRecord> record, HttpClient& http,
                       Deadline deadline, EventSink& sink)
    : registry_(registry),
      paces_(paces),
      extras_(extras),
      mixture_(std::move(mixture)),
      record_(std::move(record)),
      http_(http),
      deadline_(deadline),
      sink_(sink),
      tool_rules_(std::make_shared<ToolRules>(chat())) {}

const Contract& RunContext::contract() {
  if (contract_) return *contract_;
  const ContractChoice choice = request().contract.value_or(mixture_.contract);
  contract_ = Detect(*chat(), choice);
  record_->contract = NameOf(contract_->kind);
  if (choice.kind.value_or(contract_->kind) != contract_->kind) {
    Note("the form " + std::string(NameOf(choice)) + " needs " +
         (choice.kind == ContractKind::kClineXml ? "tools as XML-style tags" : "a schema") +
         ", which the request does not have; its answer's form is " + record_->contract);
  }
  if (contract_->schema != nullptr) {
    for (const std::string& what : contract_->schema->unchecked()) {
      Note(what + " in the schema of response_format was not checked");
    }
  }
  return *contract_;
}

Deadline::Duration RunContext::WholeTime() const {
  return std::max(deadline_.time() - record_->start, Deadline::Duration::zero());
}

Deadline RunContext::AnswerLimit() const {
  constexpr std::chrono::milliseconds kToSend{100};
  return deadline_.IsNever() ? deadline_ : Deadline::At(deadline_.time() - kToSend);
}

const ModelConfig* RunContext::FindModel(const std::string& name) const {
  const RegisteredModel* model = registry_.Find(name);
  return model == nullptr ? nullptr : &model->config;
}

bool RunContext::WouldBeAsked(const std::string& name) const {
  const RegisteredModel& model = *registry_.Find(name);
  return model.state == nullptr || model.state->WouldAdmit(model.config, Deadline::Clock::now());
}

std::unique_ptr<DeltaStream> RunContext::Ask(const std::string& model,
                                             std::shared_ptr<const ChatRequest> chat, CallRole role,
                                             Deadline deadline, Others others) {
  CallContext call;
  call.deadline = deadline;
  call.role = role;
  call.others = std::move(others);
  return Call(model, std::move(chat), std::move(call));
}

std::unique_ptr<DeltaStream> RunContext::AskMember(const Candidate& candidate,
                                                   std::shared_ptr<const ChatRequest> chat,
                                                   Deadline deadline, Others others) {
  CallContext call;
  call.deadline = deadline;
  call.role = CallRole::kMember;
  call.candidate = candidate.number;
  call.others = std::move(others);
  return Call(candidate.model, std::move(chat), std::move(call));
}

std::unique_ptr<DeltaStream> RunContext::Call(const std::string& model,
                                              std::shared_ptr<const ChatRequest> chat,
                                              CallContext call) {
  const auto note = [&](const std::string& what) {
    Note("model " + model + " was asked without the request's " + what + " (models." + model + "." +
         what + " is false)");
  };
  if (chat->tools.size() < this->chat()->tools.size()) note("tools");
  if (HasImages(*this->chat()) && !HasImages(*chat)) note("images");
  call.deadline = Deadline::Earliest(call.deadline, deadline_);
  call.request_id = request().request_id;
  call.trace = request().trace;
  // What can be left out is not tried again.
  call.retries_left = call.role == CallRole::kAnalysis ? std::make_shared<int>(0) : retries_left_;
  call.http = &http_;
  call.attempts = record_;
  chat = WithOwnExtras(std::move(chat), model, extras_);
  return registry_.Find(model)->client->Complete(std::move(chat), std::move(call));
}

asio::awaitable<Status> RunContext::Send(Event event) {
  // What is sent at the very end can still arrive.
  constexpr std::chrono::milliseconds kLeast{100};
  const Deadline taken_by = std::max(deadline_, Deadline::After(kLeast));
  co_return co_await sink_.Send(std::move(event), taken_by);
}

asio::awaitable<Status> RunContext::Emit(ChatDelta delta) {
  anything_emitted_ = anything_emitted_ || delta.IsVisible();
  emitted_.Append(delta);
  if (!request().streaming) co_return Status();
  DeltaEvent event;
  event.delta = std::move(delta);
  co_return co_await Send(std::move(event));
}

asio::awaitable<Status> RunContext::EmitWhole(const Completion& completion,
                                              std::string_view model) {
  ChatDelta delta;
  delta.text = completion.text;
  // Of an answer that was passed on at first, and then held, that is out.
  if (emitted_.reasoning.empty()) delta.reasoning = completion.reasoning;
  delta.refusal = completion.refusal;
  std::set<std::string> ids;
  const CallsVerdict calls = tool_rules_->Judge(completion.tool_calls);
  for (const std::string& what : calls.unchecked) Note(what + " was not checked");
  for (const ToolCall& call : calls.may_go_out) {
    ToolCallDelta piece;
    piece.index = static_cast<int>(delta.tool_calls.size());
    if (is_one_model()) piece.id = call.id;
    while (piece.id.empty() || ids.contains(piece.id)) piece.id = NewCallId(model);
    ids.insert(piece.id);
    piece.name = call.name;
    piece.arguments_json = call.arguments_json;
    piece.extra_content_json = call.extra_content_json;
    if (!is_one_model()) extras_.Keep(piece.id, piece.extra_content_json);
    delta.tool_calls.push_back(std::move(piece));
  }
  co_return co_await Emit(std::move(delta));
}

asio::awaitable<Status> RunContext::TellStage(std::string name, std::string model,
                                              std::string detail) {
  StageEvent event;
  event.name = std::move(name);
  event.model = std::move(model);
  event.detail = std::move(detail);
  event.at = Deadline::Clock::now() - record_->start;
  record_->stages.push_back(event);
  if (!request().want_progress) co_return Status();
  co_return co_await Send(std::move(event));
}

asio::awaitable<Status> RunContext::TellCandidate(const Candidate& candidate) {
  if (!request().want_progress) co_return Status();
  CandidateFinishedEvent event;
  event.candidate = candidate;
  record_->AddUp(event.candidate);
  co_return co_await Send(std::move(event));
}

asio::awaitable<Status> RunContext::TellCandidateDelta(const Candidate& candidate,
                                                       ChatDelta delta) {
  if (!request().want_candidate_deltas) co_return Status();
  CandidateDeltaEvent event;
  event.model = candidate.model;
  event.number = candidate.number;
  event.delta = std::move(delta);
  co_return co_await Send(std::move(event));
}

void RunContext::Note(std::string what) { AddOnce(std::move(what), record_->notes); }

void RunContext::Degrade(std::string reason) {
  AddOnce(std::move(reason), record_->degraded_reasons);
}

const Strategy* FindStrategy(std::string_view name) {
  static const ArbitrateStrategy arbitrate;
  static const CascadeStrategy cascade;
  static const RaceStrategy race;
  static const SelectStrategy select;
  static const SelfStrategy self;
  static const SingleStrategy single;
  static const SynthesizeStrategy synthesize;
  static const VoteStrategy vote;
  if (name == "arbitrate") return &arbitrate;
  if (name == "cascade") return &cascade;
  if (name == "race") return &race;
  if (name == "select") return &select;
  if (name == kSelf) return &self;
  if (name == "single") return &single;
  if (name == "synthesize") return &synthesize;
  if (name == "vote") return &vote;
  return nullptr;
}

namespace {

// The failure of a request in which every member failed in the same way.
std::optional<Status> CommonFailure(const std::vector<Candidate>& candidates) {
  const std::string first = GetErrorInfo(candidates.front().error).reason;
  const bool same = std::all_of(candidates.begin(), candidates.end(), [&](const Candidate& c) {
    return GetErrorInfo(c.error).reason == first;
  });
  const bool passes = first == reason::kUpstreamRateLimited ||
                      first == reason::kContextLengthExceeded ||
                      first == reason::kUnsupportedInput || first == reason::kEmptyCompletion ||
                      first == reason::kDeadline;
  if (!same || !passes) return std::nullopt;
  return candidates.front().error;
}

// The first one's failure in full, as it says what to do; of the others, those that are alike by
// name, and the rest in short.
std::string Reasons(const std::vector<Candidate>& candidates) {
  const auto kind = [](const Candidate& candidate) {
    const ErrorInfo info = GetErrorInfo(candidate.error);
    const auto key = info.metadata.find("config_key");
    return info.reason + (key == info.metadata.end() ? "" : ", check " + key->second);
  };
  const std::string first = kind(candidates.front());
  std::string alike;
  std::string others;
  for (const Candidate& candidate : candidates) {
    if (&candidate == &candidates.front()) continue;
    const std::string own = kind(candidate);
    if (own == first) {
      alike += (alike.empty() ? " (likewise: " : ", ") + candidate.model;
    } else {
      others += "; " + candidate.model + ": " + own;
    }
  }
  return MessageOf(candidates.front().error) + (alike.empty() ? "" : alike + ")") + others;
}

}  // namespace

Status AggregateFailure(const std::vector<Candidate>& candidates) {
  if (candidates.size() == 1) return candidates.front().error;
  ErrorInfo info;
  info.reason = reason::kAllMembersFailed;
  info.field = GetErrorInfo(candidates.front().error).field;
  for (const Candidate& candidate : candidates) {
    const ErrorInfo own = GetErrorInfo(candidate.error);
    if (own.field != info.field) info.field.clear();  // not one field that all reject
    info.metadata["member." + candidate.model] = own.reason;
    if (own.retry_after && (!info.retry_after || *own.retry_after < *info.retry_after)) {
      info.retry_after = own.retry_after;
    }
  }
  if (const std::optional<Status> common = CommonFailure(candidates)) {
    ErrorInfo own = GetErrorInfo(*common);
    own.retry_after = info.retry_after;
    own.metadata.merge(info.metadata);
    return MakeError(common->code(), Reasons(candidates), std::move(own));
  }
  return MakeError(StatusCode::kUnavailable, "no model answered: " + Reasons(candidates),
                   std::move(info));
}

}  // namespace mom
