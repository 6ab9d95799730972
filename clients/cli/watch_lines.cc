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

std::string Tell(const v1::Started& started, const WatchState& state) {
  std::vector<std::string> members;
  for (const WatchedModel& member : state.members()) members.push_back(member.name);
  return started.model() + " (" + started.strategy() + ") asks " + JoinNames(members) +
         "; request " + started.request_id();
}

std::string Tell(const v1::Candidate& candidate, const WatchState& state) {
  const std::vector<WatchedModel>& members = state.members();
  const auto place = static_cast<std::size_t>(candidate.number()) - 1;
  std::string out = place < members.size() ? members[place].name : candidate.model();
  out += ": " + OutcomeOf(candidate);
  if (const std::string failure = FailureOf(candidate); !failure.empty()) out += ": " + failure;
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

std::string Tell(const v1::SynthesizeResponse& answer) {
  return "answered by " + answer.answered_by() + ", in all" + Took(answer.usage());
}

// The models that have sent something, by what they are here.
std::vector<std::string> Begun(const WatchState& state) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& role, const std::vector<WatchedModel>& models) {
    for (const WatchedModel& model : models) {
      if (model.time_to_first_token) out.push_back(role + model.name);
    }
  };
  add("", state.members());
  add("critic ", state.critics());
  return out;
}

std::vector<std::string> Tell(const v1::SynthesizeStreamResponse& event,
                              const std::vector<std::string>& begun_before,
                              const WatchState& state) {
  if (event.has_started()) return {Tell(event.started(), state)};
  if (event.has_candidate_finished()) return {Tell(event.candidate_finished(), state)};
  if (event.has_stage()) return {Tell(event.stage())};
  if (event.has_completed()) return {Tell(event.completed())};
  std::vector<std::string> out;
  for (const std::string& model : Begun(state)) {
    if (std::find(begun_before.begin(), begun_before.end(), model) != begun_before.end()) continue;
    out.push_back(model + ": first token");
  }
  return out;
}

}  // namespace

std::vector<std::string> TakeAndTell(const v1::SynthesizeStreamResponse& event,
                                     WatchState::Time now, WatchState& state) {
  const std::vector<std::string> before = Begun(state);
  state.Take(event, now);
  std::vector<std::string> lines = Tell(event, before, state);
  for (std::string& line : lines) line.insert(0, FormatSeconds(now - state.start()) + "  ");
  return lines;
}

}  // namespace mom::cli
