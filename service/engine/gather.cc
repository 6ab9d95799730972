#include "service/engine/gather.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "service/base/reasons.h"
#include "service/engine/explain.h"
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
  Clock::time_point start;
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
  Gathering(RunContext& context, GatherOptions options, const asio::any_io_executor& executor)
      : context_(context),
        options_(std::move(options)),
        fan_out_(std::in_place, executor),
        rule_(Setting()),
        candidates_(context.record().candidates),
        first_(candidates_.size()) {}
  Gathering(const Gathering&) = delete;
  Gathering& operator=(const Gathering&) = delete;
  ~Gathering() {
    // The run was cancelled: those under way would have taken longer, too.
    for (const std::shared_ptr<Member>& member : under_way_) LearnCut(*member);
  }

  asio::awaitable<Status> Run() {
    AskWanted(start_);
    Status status = co_await TellStart();
    while (status.ok() && !rule_.IsOver()) {
      const Deadline look_at = Deadline::Earliest(rule_.Stop(), NextLate());
      std::optional<FanOut<Step>::Result> result = co_await fan_out_->Next(look_at);
      if (!result && rule_.Stop().Passed()) break;
      if (result) status = co_await Take(std::move(result->value));
      if (status.ok()) status = co_await AskMore();
    }
    if (!status.ok()) co_return status;
    const StopRule::Cause cause = rule_.WhyStop();
    const std::vector<std::size_t> stragglers = EndStragglers(cause);
    NoteShortfall(rule_.QuorumReached() || (rule_.is_decided() && rule_.usable() > 0));
    co_return co_await TellEnd(cause, stragglers);
  }

 private:
  bool show_pieces() const { return context_.request().want_candidate_deltas; }

  const std::vector<std::string>& members() const {
    return options_.members.empty() ? context_.mixture().members : options_.members;
  }
  // How many of them were asked or skipped.
  std::size_t passed() const { return candidates_.size() - first_; }
  bool has_more() const { return passed() < members().size(); }

  // Asks the next members until as many are at work as are wanted.
  void AskWanted(Clock::time_point now) {
    auto working = std::count_if(under_way_.begin(), under_way_.end(),
                                 [this](const auto& member) { return !LateAt(*member).Passed(); });
    const auto all = static_cast<std::ptrdiff_t>(members().size());
    const std::ptrdiff_t wanted = options_.wanted ? options_.wanted(candidates_) : all;
    const std::size_t before = under_way_.size();
    while (working < wanted && has_more()) {
      if (AskNext(now)) ++working;
    }
    if (!has_more()) rule_.OnAllAsked();
    // A call that fails at once asks whether the others can make the quorum: all must be known.
    hopeful_->quorum = rule_.quorum();
    for (std::size_t i = before; i < under_way_.size(); ++i) {
      fan_out_->Add(ReadOn(under_way_[i], show_pieces()));
    }
  }

  // False: it cannot take the request, and is skipped.
  bool AskNext(Clock::time_point now) {
    const std::string& name = members()[passed()];
    const ModelConfig& model = *context_.FindModel(name);
    const auto before = std::count_if(candidates_.begin(), candidates_.end(),
                                      [&](const Candidate& one) { return one.model == name; });
    StatusOr<std::shared_ptr<const ChatRequest>> chat =
        MemberRequest(context_.chat(), model, context_.mixture(), static_cast<int>(before));
    if (!chat.ok()) {
      context_.record().Add(SkippedCandidate(name, chat.status()));
      return false;
    }
    auto member = std::make_shared<Member>();
    member->number = static_cast<int>(paces_.size());
    member->place = candidates_.size();
    member->model = name;
    member->start = now;
    const Candidate& candidate = context_.record().Add(CandidateUnderWay(name));
    member->hopeful = hopeful_;
    hopeful_->members.insert(member->number);
    Others others;
    others.can = [hopeful = hopeful_, number = member->number] { return hopeful->Spare(number); };
    member->stream = context_.AskMember(candidate, *chat, options_.limit, std::move(others));
    under_way_.push_back(member);
    paces_.push_back(context_.PaceOf(name));
    rule_.OnAsk(now);
    return true;
  }

  // When a member is late; never, where that cannot be told.
  Deadline LateAt(const Member& member) const {
    std::optional<Pace::Duration> usual =
        PaceOf(member).ToGo(Pace::Of::kMemberAnswer, kWaitedShare);
    if (!usual && first_took_) usual = *first_took_ * 2;
    if (!usual) return Deadline::Never();
    const Pace::Duration least = 4 * Pace::Duration(context_.mixture().grace.min);
    return Deadline::At(member.start + std::max(*usual, least));
  }

  // When the next one is late, so that another is to be asked; never, where there is no other.
  Deadline NextLate() const {
    Deadline next = Deadline::Never();
    if (!has_more()) return next;
    for (const std::shared_ptr<Member>& member : under_way_) {
      const Deadline late = LateAt(*member);
      if (!late.Passed()) next = Deadline::Earliest(next, late);
    }
    return next;
  }

  StopRule::Setting Setting() const {
    StopRule::Setting setting;
    setting.has_more = true;
    setting.quorum = context_.mixture().quorum;
    setting.grace = context_.mixture().grace;
    setting.start = start_;
    setting.limit = options_.limit;
    setting.critic_at = options_.critic_at;
    setting.to_go = [this](int member, StopRule::Duration elapsed) {
      return paces_[static_cast<std::size_t>(member)]->ToGo(Pace::Of::kMemberAnswer, kWaitedShare,
                                                            elapsed);
    };
    return setting;
  }

  asio::awaitable<Status> TellStart() {
    std::string detail = std::to_string(paces_.size());
    if (has_more()) detail += " of " + std::to_string(members().size());
    detail += " asked, quorum " + std::to_string(rule_.quorum());
    Status status = co_await context_.TellStage("members", std::string(), std::move(detail));
    if (status.ok()) status = co_await TellSkipped(first_);
    co_return status;
  }

  // Asks further members, where they are wanted, and tells of them.
  asio::awaitable<Status> AskMore() {
    if (!has_more() || rule_.LastAsk().Passed()) co_return Status();
    const std::size_t before = candidates_.size();
    AskWanted(Clock::now());
    Status status;
    for (std::size_t place = before; status.ok() && place < candidates_.size(); ++place) {
      if (candidates_[place].state == CandidateState::kSkipped) continue;
      std::string detail = "asked, too; " + std::to_string(place + 1 - first_) + " of " +
                           std::to_string(members().size());
      std::string model = candidates_[place].model;
      status = co_await context_.TellStage("members", std::move(model), std::move(detail));
    }
    if (status.ok()) status = co_await TellSkipped(before);
    co_return status;
  }

  asio::awaitable<Status> TellSkipped(std::size_t from) {
    Status status;
    for (std::size_t place = from; status.ok() && place < candidates_.size(); ++place) {
      if (candidates_[place].state != CandidateState::kSkipped) continue;
      status = co_await context_.TellCandidate(candidates_[place]);
    }
    co_return status;
  }

  asio::awaitable<Status> Take(Step step) {
    const std::shared_ptr<Member> member = std::move(step.member);
    if (!member->ended) {
      const Status status =
          co_await context_.TellCandidateDelta(candidates_[member->place], std::move(*step.shown));
      // Once the wait is over no piece is read any more, lest a client that is slower than the
      // members keep it going.
      if (status.ok() && !rule_.Stop().Passed()) fan_out_->Add(ReadOn(member, true));
      co_return status;
    }
    Candidate& candidate = candidates_[member->place];
    candidate = MakeCandidate(candidate, std::move(member->collected), *context_.tool_rules());
    HoldToContract(context_.contract(), candidate);
    Learn(*member, candidate);
    if (!candidate.usable()) hopeful_->members.erase(member->number);
    if (candidate.usable() && !first_took_) first_took_ = candidate.latency;
    std::erase(under_way_, member);
    const bool had_quorum = rule_.QuorumReached();
    // As it was then: a slow client may have kept us from looking.
    rule_.OnEnd(member->number,
                candidate.usable()       ? StopRule::End::kUsable
                : candidate.has_answer() ? StopRule::End::kLowerGrade
                                         : StopRule::End::kFailed,
                *member->ended);
    if (options_.decided && options_.decided(candidates_)) rule_.OnDecision();
    Status status = co_await context_.TellCandidate(candidate);
    if (status.ok() && !had_quorum && rule_.QuorumReached()) {
      std::string detail = std::to_string(rule_.usable()) + " usable candidate" +
                           (rule_.usable() == 1 ? "" : "s") + ", quorum " +
                           std::to_string(rule_.quorum());
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

  Pace& PaceOf(const Member& member) const {
    return *paces_[static_cast<std::size_t>(member.number)];
  }

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
    for (std::size_t place = first_; place < candidates_.size(); ++place) {
      const Candidate& candidate = candidates_[place];
      const std::string start = "member " + candidate.model + " ";
      switch (candidate.state) {
        case CandidateState::kSucceeded:
          if (candidate.usable() || is_enough) break;
          context_.Degrade(start + "gave nothing usable: " + Describe(candidate));
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

  asio::awaitable<Status> TellEnd(StopRule::Cause cause,
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
    std::string detail = std::to_string(rule_.usable()) + " usable; " + NameOf(cause);
    co_return co_await context_.TellStage("gathered", std::string(), std::move(detail));
  }

  RunContext& context_;
  const GatherOptions options_;
  const Clock::time_point start_ = Clock::now();
  std::optional<FanOut<Step>> fan_out_;       // its destruction cancels what is still under way
  std::vector<std::shared_ptr<Pace>> paces_;  // of those that were asked
  std::vector<std::shared_ptr<Member>> under_way_;
  StopRule rule_;
  const std::shared_ptr<Hopeful> hopeful_ = std::make_shared<Hopeful>();
  std::optional<Pace::Duration> first_took_;  // the first usable one
  std::vector<Candidate>& candidates_;        // the record's
  const std::size_t first_;                   // of them
};

}  // namespace

asio::awaitable<Status> Gather(RunContext& context, GatherOptions options) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Gathering gathering(context, std::move(options), executor);
  co_return co_await gathering.Run();
}

}  // namespace mom
