#include "clients/cli/watch_lines.h"

#include <algorithm>

#include "clients/cli/answer_text.h"
#include "clients/cli/quantity.h"
#include "service/base/nearest_name.h"

namespace mom::cli {
namespace {

std::string Took(const v1::Usage& usage) {
  const std::string tokens = TokensOf(usage, "->");
  const std::string cost = CostOf(usage);
  return (tokens.empty() ? "" : ", " + tokens + " tokens") + (cost.empty() ? "" : ", " + cost);
}

std::string FirstToken(std::chrono::nanoseconds time) {
  return "first token after " + FormatSeconds(time);
}

std::string Tell(const v1::Started& started) {
  return started.model() + " (" + started.strategy() + ") asks " +
         JoinNames({started.members().begin(), started.members().end()}) + "; request " +
         started.request_id();
}

std::string Tell(const v1::Candidate& candidate) {
  std::string out = candidate.model() + ": " + OutcomeOf(candidate);
  if (const std::string failure = FailureOf(candidate); !failure.empty()) out += ": " + failure;
  out += ", after " + FormatSeconds(ToTime(candidate.latency()));
  if (candidate.has_time_to_first_token()) {
    out += ", " + FirstToken(ToTime(candidate.time_to_first_token()));
  }
  return out + Took(candidate.usage());
}

std::string Tell(const v1::Stage& stage) {
  if (stage.name() == "anchor") return "the candidate of " + stage.model() + " goes out as it is";
  std::string out = stage.name() == "critic_fallback" ? "next critic"
                    : stage.name() == "critic_hedge"  ? "late, so also critic"
                                                      : stage.name();
  if (!stage.model().empty()) out += " " + stage.model();
  return stage.detail().empty() ? out + " is asked" : out + ": " + stage.detail();
}

std::string Tell(const v1::SynthesizeResponse& answer, std::chrono::nanoseconds time) {
  return "answered by " + answer.answered_by() + ", after " + FormatSeconds(time) + ", in all" +
         Took(answer.usage());
}

// The models that have sent something.
std::vector<const WatchedModel*> Begun(const WatchState& state) {
  std::vector<const WatchedModel*> out;
  for (const auto* models : {&state.members(), &state.critics()}) {
    for (const WatchedModel& model : *models) {
      if (model.time_to_first_token) out.push_back(&model);
    }
  }
  return out;
}

}  // namespace

std::vector<std::string> TakeAndTell(const v1::SynthesizeStreamResponse& event,
                                     WatchState::Time now, WatchState& state) {
  const std::vector<const WatchedModel*> before = Begun(state);
  state.Take(event, now);
  if (event.has_started()) return {Tell(event.started())};
  if (event.has_candidate_finished()) return {Tell(event.candidate_finished())};
  if (event.has_stage()) return {Tell(event.stage())};
  if (event.has_completed()) return {Tell(event.completed(), now - state.start())};
  std::vector<std::string> out;
  for (const WatchedModel* model : Begun(state)) {
    if (std::find(before.begin(), before.end(), model) != before.end()) continue;
    out.push_back(model->name + ": " + FirstToken(*model->time_to_first_token));
  }
  return out;
}

}  // namespace mom::cli
