#include "clients/cli/watch_state.h"

#include <algorithm>

#include "clients/cli/answer_text.h"

namespace mom::cli {
namespace {

using Phase = WatchedModel::Phase;

WatchedModel Asked(const std::string& name, WatchState::Time now) {
  WatchedModel model;
  model.model = model.name = name;
  model.asked = now;
  return model;
}

}  // namespace

void WatchedModel::Saw(const v1::Delta& delta, WatchState::Time now) {
  if (phase == Phase::kOver) return;
  if (!time_to_first_token) time_to_first_token = now - asked;
  const std::string text = VisibleText(delta);
  seen_bytes += text.size() + delta.reasoning().size();
  for (const v1::ToolCallDelta& call : delta.tool_calls()) {
    seen_bytes += call.arguments_json().size();
  }
  const bool only_thinks = text.empty() && !delta.reasoning().empty();
  phase = only_thinks && phase != Phase::kWriting ? Phase::kThinking : Phase::kWriting;
}

void WatchedModel::SetOver(WatchState::Time now) {
  if (phase != Phase::kOver) latency = now - asked;
  phase = Phase::kOver;
}

void WatchState::Take(const v1::SynthesizeStreamResponse& event, Time now) {
  switch (event.event_case()) {
    case v1::SynthesizeStreamResponse::kStarted:
      return Take(event.started(), now);
    case v1::SynthesizeStreamResponse::kStage:
      return Take(event.stage(), now);
    case v1::SynthesizeStreamResponse::kCompleted:
      return Take(event.completed(), now);
    case v1::SynthesizeStreamResponse::kCandidateFinished:
      return TakeCandidate(event.candidate_finished(), now);
    case v1::SynthesizeStreamResponse::kCandidateDelta:
      if (WatchedModel* member = FindMember(event.candidate_delta().number())) {
        member->Saw(event.candidate_delta().delta(), now);
      }
      return;
    case v1::SynthesizeStreamResponse::kDelta:
      if (WatchedModel* writer = Writer()) writer->Saw(event.delta(), now);
      return;
    default:
      return;
  }
}

void WatchState::End(Time now) {
  end_ = now;
  for (WatchedModel& member : members_) member.SetOver(now);
  for (WatchedModel& critic : critics_) critic.SetOver(now);
}

int WatchState::usable() const {
  return static_cast<int>(
      std::count_if(members_.begin(), members_.end(), [](const WatchedModel& member) {
        return member.candidate && member.candidate->grade() == v1::CANDIDATE_GRADE_USABLE;
      }));
}

void WatchState::Take(const v1::Started& started, Time now) {
  started_ = started;
  for (const std::string& name : started.members()) {
    members_.push_back(Asked(name, now));
    if (std::count(started.members().begin(), started.members().end(), name) < 2) continue;
    const auto sample = std::count_if(members_.begin(), members_.end(),
                                      [&](const auto& member) { return member.model == name; });
    members_.back().name += " " + std::to_string(sample);
  }
}

void WatchState::Take(const v1::Stage& stage, Time now) {
  if (stage.name() == "quorum") quorum_ = stage.detail();
  const bool is_hedge = stage.name() == "critic_hedge";  // the critic goes on beside it
  const bool is_critic = is_hedge || stage.name() == "critic" ||
                         stage.name() == "critic_fallback" || stage.name() == "arbiter";
  if (!is_critic && stage.name() != "anchor" && stage.name() != "graft") return;
  // Nobody else who is at work is needed any more.
  for (WatchedModel& member : members_) member.SetOver(now);
  for (WatchedModel& critic : critics_) {
    if (!is_hedge) critic.SetOver(now);
  }
  if (is_critic) critics_.push_back(Asked(stage.model(), now));
  if (!is_critic) anchor_ = stage.model();
}

void WatchState::Take(const v1::SynthesizeResponse& completed, Time now) {
  completed_ = completed;
  for (const v1::Candidate& candidate : completed.candidates()) TakeCandidate(candidate, now);
  for (WatchedModel& critic : critics_) {
    critic.SetOver(now);
    for (const v1::ModelUsage& usage : completed.model_usages()) {
      if (usage.model() == critic.name) critic.usage = UsageAsCritic(usage);
    }
  }
}

void WatchState::TakeCandidate(const v1::Candidate& candidate, Time now) {
  WatchedModel* const member = FindMember(candidate.number());
  if (member == nullptr) return;
  member->SetOver(now);
  member->candidate = candidate;
  member->usage = candidate.usage();
  member->latency = ToTime(candidate.latency());
  member->time_to_first_token.reset();
  if (candidate.has_time_to_first_token()) {
    member->time_to_first_token = ToTime(candidate.time_to_first_token());
  }
}

WatchedModel* WatchState::Writer() {
  if (!critics_.empty()) return &critics_.back();
  // Without a critic, members answer one after the other.
  const auto member = std::find_if(members_.begin(), members_.end(), [](const WatchedModel& one) {
    return one.phase != Phase::kOver;
  });
  return member == members_.end() ? nullptr : &*member;
}

WatchedModel* WatchState::FindMember(int number) {
  if (number < 1 || number > static_cast<int>(members_.size())) return nullptr;
  return &members_[static_cast<std::size_t>(number - 1)];
}

// momd sums up all calls to a model: its answer as a member is taken off.
v1::Usage WatchState::UsageAsCritic(const v1::ModelUsage& all) const {
  v1::Usage out = all.usage();
  for (const WatchedModel& member : members_) {
    if (member.model != all.model() || !member.usage) continue;
    out.set_prompt_tokens(out.prompt_tokens() - member.usage->prompt_tokens());
    out.set_completion_tokens(out.completion_tokens() - member.usage->completion_tokens());
    out.set_total_tokens(out.total_tokens() - member.usage->total_tokens());
    if (out.has_cost_nanos_usd()) {
      out.set_cost_nanos_usd(out.cost_nanos_usd() - member.usage->cost_nanos_usd());
    }
  }
  return out;
}

}  // namespace mom::cli
