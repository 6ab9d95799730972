#include "service/engine/gather.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "service/base/reasons.h"
#include "service/engine/member_request.h"
#include "service/engine/pace.h"
#include "service/engine/stop_rule.h"
#include "service/engine/wait_clock.h"
#include "service/net/fan_out.h"

namespace mom {
namespace {

using Clock = Deadline::Clock;

// Of those that take as long as a member has taken already, how many it is waited for.
constexpr double kWaitedShare = 0.9;

// The members that a quorum can be made of. Shared with their calls, which may unwind after the
// run.
struct Hopeful {
  std::set<int> members;
  int quorum = 0;

  // Whether the others can make the quorum; then `member` is not counted on any more.
  bool Spare(int member) {
    if (static_cast<int>(members.size()) <= quorum) return false;
    members.erase(member);
    return true;
  }
};

// One member under way. Shared with the child that reads its stream, which may unwind after the
// fan-out is gone.
struct Member {
  int number = 0;         // among those that were asked
  std::size_t place = 0;  // among the candidates
  std::string model;
  std::shared_ptr<Hopeful> hopeful;
  std::unique_ptr<DeltaStream> stream;
  WaitClock clock;
  Collected collected;
  std::optional<Clock::time_point> ended;  // unset: it is under way
};

// What a child brings: a piece to show, or nothing when the member has ended.
struct Step {
  std::shared_ptr<Member> member;
  std::optional<ChatDelta> shown;
};

// Reads until there is something to tell: the next piece where pieces are shown, else the end.
asio::awaitable<Step> ReadOn(std::shared_ptr<Member> member, bool show_pieces) {
  Step step;
  step.member = member;
  while (true) {
    member->clock.Start(Clock::now());
    StatusOr<std::optional<ChatDelta>> next = co_await member->stream->Next();
    const Clock::time_point now = Clock::now();
    member->clock.Stop(now);
    if (!next.ok() || !next->has_value()) {
      member->ended = now;
      member->collected.status = next.status();
      member->collected.latency = member->clock.Waited(now);
      member->stream.reset();
      if (!next.ok()) member->hopeful->members.erase(member->number);
      co_return step;
    }
    if (!member->collected.time_to_first_token) {
      member->collected.time_to_first_token = member->clock.Waited(now);
    }
    member->collected.completion.Append(**next);
    if (show_pieces) {
      step.shown = std::move(**next);
      co_return step;
    }
  }
}

// The fan-out of one run.
class Gathering {
 public:
  Gathering(RunContext& context, Deadline limit, Deadline critic_at, CandidateJudge* judge,
            const asio::any_io_executor& executor)
      : context_(context),
        limit_(limit),
        critic_at_(critic_at),
        judge_(judge),
        fan_out_(std::in_place, executor),
        candidates_(context.record().candidates) {}
  Gathering(const Gathering&) = delete;
  Gathering& operator=(const Gathering&) = delete;
  ~Gathering() {
    // The run was cancelled: those under way would have taken longer, too.
    for (const std::shared_ptr<Member>& member : under_way_) LearnCut(*member);
  }

  asio::awaitable<Status> Run() {
    Start();
    StopRule rule(Setting());
    hopeful_->quorum = rule.quorum();
    for (const std::shared_ptr<Member>& member : under_way_) {
      fan_out_->Add(ReadOn(member, show_pieces()));
    }
    Status status = co_await TellStart(rule);
    while (status.ok() && !rule.IsOver()) {
      std::optional<FanOut<Step>::Result> result = co_await fan_out_->Next(rule.Stop());
      if (!result) break;
      status = co_await Take(std::move(result->value), rule);
    }
    if (!status.ok()) co_return status;
    const StopRule::Cause cause = rule.WhyStop();
    const std::vector<std::size_t> stragglers = EndStragglers(cause);
    NoteShortfall(rule.QuorumReached() || cause == StopRule::Cause::kDecided);
    co_return co_await TellEnd(rule, cause, stragglers);
  }

 private:
  bool show_pieces() const { return context_.request().want_candidate_deltas; }

  void Start() {
    for (const std::string& name : context_.mixture().members) {
      const ModelConfig& model = *context_.FindModel(name);
      StatusOr<std::shared_ptr<const ChatRequest>> chat =
          MemberRequest(context_.chat(), model, context_.mixture());
      if (!chat.ok()) {
        candidates_.push_back(SkippedCandidate(name, chat.status()));
        continue;
      }
      auto member = std::make_shared<Member>();
      member->number = static_cast<int>(paces_.size());
      member->place = candidates_.size();
      member->model = name;
      member->hopeful = hopeful_;
      hopeful_->members.insert(member->number);
      member->stream = context_.Ask(
          name, *chat, CallRole::kMember, limit_,
          [hopeful = hopeful_, number = member->number] { return hopeful->Spare(number); });
      under_way_.push_back(member);
      paces_.push_back(context_.PaceOf(name));
      candidates_.push_back(CandidateUnderWay(name));
    }
  }

  StopRule::Setting Setting() const {
    StopRule::Setting setting;
    setting.asked = static_cast<int>(paces_.size());
    setting.quorum = context_.mixture().quorum;
    setting.grace = context_.mixture().grace;
    setting.start = Clock::now();
    setting.limit = limit_;
    setting.critic_at = critic_at_;
    setting.to_go = [this](int member, StopRule::Duration elapsed) {
      return paces_[static_cast<std::size_t>(member)]->ToGo(Pace::Of::kMemberAnswer, kWaitedShare,
                                                            elapsed);
    };
    return setting;
  }

  asio::awaitable<Status> TellStart(const StopRule& rule) {
    std::string detail =
        std::to_string(paces_.size()) + " asked, quorum " + std::to_string(rule.quorum());
    Status status = co_await context_.TellStage("members", std::string(), std::move(detail));
    for (const Candidate& candidate : candidates_) {
      if (!status.ok()) break;
      if (candidate.state != CandidateState::kSkipped) continue;
      status = co_await context_.TellCandidate(candidate);
    }
    co_return status;
  }

  asio::awaitable<Status> Take(Step step, StopRule& rule) {
    const std::shared_ptr<Member> member = std::move(step.member);
    if (!member->ended) {
      std::string model = member->model;
      const Status status =
          co_await context_.TellCandidateDelta(std::move(model), std::move(*step.shown));
      // Once the wait is over no piece is read any more, lest a client that is slower than the
      // members keep it going.
      if (status.ok() && !rule.Stop().Passed()) fan_out_->Add(ReadOn(member, true));
      co_return status;
    }
    Candidate& candidate = candidates_[member->place];
    candidate = MakeCandidate(member->model, std::move(member->collected), *context_.chat());
    if (judge_ != nullptr) judge_->Judge(member->place, candidate);
    Learn(*member, candidate);
    if (!candidate.usable()) hopeful_->members.erase(member->number);
    std::erase(under_way_, member);
    const bool had_quorum = rule.QuorumReached();
    // As it was then: a slow client may have kept us from looking.
    rule.OnEnd(member->number,
               candidate.usable()       ? StopRule::End::kUsable
               : candidate.has_answer() ? StopRule::End::kLowerGrade
                                        : StopRule::End::kFailed,
               *member->ended);
    if (judge_ != nullptr && judge_->Decided(candidates_)) rule.OnDecision();
    Status status = co_await context_.TellCandidate(candidate);
    if (status.ok() && !had_quorum && rule.QuorumReached()) {
      std::string detail = std::to_string(rule.usable()) + " usable candidates, quorum " +
                           std::to_string(rule.quorum());
      status = co_await context_.TellStage("quorum", std::string(), std::move(detail));
    }
    co_return status;
  }

  void Learn(const Member& member, const Candidate& ended) {
    if (ended.state == CandidateState::kSucceeded) {
      PaceOf(member).Add(Pace::Of::kMemberAnswer, ended.latency);
    } else if (ended.state == CandidateState::kTimedOut) {
      PaceOf(member).AddCut(Pace::Of::kMemberAnswer, ended.latency);
    }
  }

  void LearnCut(const Member& member) {
    if (member.ended) {  // and nobody has looked yet
      if (member.collected.status.ok()) {
        PaceOf(member).Add(Pace::Of::kMemberAnswer, member.collected.latency);
      }
      return;
    }
    PaceOf(member).AddCut(Pace::Of::kMemberAnswer, member.clock.Waited(Clock::now()));
  }

  Pace& PaceOf(const Member& member) { return *paces_[static_cast<std::size_t>(member.number)]; }

  // Cancels those that are under way; gives their places among the candidates.
  std::vector<std::size_t> EndStragglers(StopRule::Cause cause) {
    const bool is_late = cause == StopRule::Cause::kLimit || cause == StopRule::Cause::kCriticsTime;
    std::vector<std::size_t> places;
    for (const std::shared_ptr<Member>& member : under_way_) {
      LearnCut(*member);
      Candidate& candidate = candidates_[member->place];
      candidate.latency = member->clock.Waited(Clock::now());
      candidate.time_to_first_token = member->collected.time_to_first_token;
      candidate.completion = member->collected.completion;
      if (is_late) {
        candidate.state = CandidateState::kTimedOut;
        candidate.error =
            MakeError(StatusCode::kDeadlineExceeded,
                      "model `" + member->model +
                          "` was not ready in the request's time; raise the `timeout` of the "
                          "request or of the mixture, or leave the model out",
                      reason::kDeadline);
      } else {
        candidate.error = MakeError(StatusCode::kCancelled,
                                    std::string("stopped, as ") + NameOf(cause), ErrorInfo());
      }
      places.push_back(member->place);
    }
    under_way_.clear();
    fan_out_.reset();
    return places;
  }

  // Failed and skipped members; where there is not enough, all that brought nothing usable.
  void NoteShortfall(bool is_enough) {
    for (const Candidate& candidate : candidates_) {
      const std::string start = "member " + candidate.model + " ";
      switch (candidate.state) {
        case CandidateState::kSucceeded:
          if (candidate.usable() || is_enough) break;
          context_.Degrade(start + "did not do: " + NameOf(candidate.grade));
          break;
        case CandidateState::kCancelled:
          if (!is_enough) context_.Degrade(start + MessageOf(candidate.error));
          break;
        default:
          context_.Degrade(start + NameOf(candidate.state) + ": " +
                           GetErrorInfo(candidate.error).reason);
      }
    }
  }

  asio::awaitable<Status> TellEnd(const StopRule& rule, StopRule::Cause cause,
                                  const std::vector<std::size_t>& stragglers) {
    if (!stragglers.empty() && context_.request().want_progress) {
      co_await context_.record().WaitIdle();  // then it is known what they took
    }
    Status status;
    for (std::size_t place : stragglers) {
      if (!status.ok()) break;
      status = co_await context_.TellCandidate(candidates_[place]);
    }
    if (!status.ok()) co_return status;
    std::string detail = std::to_string(rule.usable()) + " usable; " + NameOf(cause);
    co_return co_await context_.TellStage("gathered", std::string(), std::move(detail));
  }

  RunContext& context_;
  Deadline limit_;
  Deadline critic_at_;
  CandidateJudge* judge_;                     // null: none
  std::optional<FanOut<Step>> fan_out_;       // its destruction cancels what is still under way
  std::vector<std::shared_ptr<Pace>> paces_;  // of those that were asked
  std::vector<std::shared_ptr<Member>> under_way_;
  const std::shared_ptr<Hopeful> hopeful_ = std::make_shared<Hopeful>();
  std::vector<Candidate>& candidates_;  // the record's
};

}  // namespace

asio::awaitable<Status> Gather(RunContext& context, Deadline limit, Deadline critic_at,
                               CandidateJudge* judge) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Gathering gathering(context, limit, critic_at, judge, executor);
  co_return co_await gathering.Run();
}

const Candidate* FindAnchor(const std::vector<Candidate>& candidates) {
  const Candidate* best = nullptr;
  for (const Candidate& candidate : candidates) {
    if (candidate.has_answer() && (best == nullptr || candidate.grade < best->grade)) {
      best = &candidate;
    }
  }
  return best;
}

}  // namespace mom
