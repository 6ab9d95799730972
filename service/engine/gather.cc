#include "service/engine/gather.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "service/base/reasons.h"
#include "service/engine/member_request.h"
#include "service/engine/stop_rule.h"
#include "service/net/fan_out.h"

namespace mom {
namespace {

using Clock = Deadline::Clock;

// One member under way. Shared with the child that reads its stream, which may unwind after the
// fan-out is gone.
struct Member {
  std::string model;
  std::unique_ptr<DeltaStream> stream;
  Clock::time_point start;
  Collected collected;
  bool over = false;
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
    StatusOr<std::optional<ChatDelta>> next = co_await member->stream->Next();
    if (!next.ok() || !next->has_value()) {
      member->over = true;
      member->collected.status = next.status();
      member->collected.latency = Clock::now() - member->start;
      member->stream.reset();
      co_return step;
    }
    if (!member->collected.time_to_first_token) {
      member->collected.time_to_first_token = Clock::now() - member->start;
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
  Gathering(RunContext& context, Deadline limit, Deadline critic_at,
            const asio::any_io_executor& executor)
      : context_(context),
        limit_(limit),
        critic_at_(critic_at),
        fan_out_(executor),
        candidates_(context.record().candidates) {}

  asio::awaitable<Status> Run() {
    Start();
    StopRule rule(fan_out_.pending(), context_.mixture().quorum, context_.mixture().grace,
                  Clock::now(), limit_, critic_at_);
    Status status = co_await TellSkipped();
    while (status.ok() && !rule.AllEnded()) {
      std::optional<FanOut<Step>::Result> result = co_await fan_out_.Next(rule.Stop());
      if (!result) break;
      status = co_await Take(std::move(result->value), rule);
    }
    if (!status.ok()) co_return status;
    EndStragglers();
    NoteFailures();
    co_return status;
  }

 private:
  bool show_pieces() const { return context_.request().want_candidate_deltas; }

  void Start() {
    for (const std::string& name : context_.mixture().members) {
      const ModelConfig& model = *context_.FindModel(name);
      StatusOr<std::shared_ptr<const ChatRequest>> chat =
          MemberRequest(context_.chat(), model, context_.mixture());
      if (!chat.ok()) {
        members_.push_back(nullptr);
        candidates_.push_back(SkippedCandidate(name, chat.status()));
        continue;
      }
      auto member = std::make_shared<Member>();
      member->model = name;
      member->start = Clock::now();
      member->stream = context_.Ask(name, *chat, CallRole::kMember, limit_);
      members_.push_back(member);
      candidates_.push_back(CandidateUnderWay(name));
      fan_out_.Add(ReadOn(member, show_pieces()));
    }
  }

  asio::awaitable<Status> TellSkipped() {
    for (const Candidate& candidate : candidates_) {
      if (candidate.state != CandidateState::kSkipped) continue;
      const Status status = co_await context_.TellCandidate(candidate);
      if (!status.ok()) co_return status;
    }
    co_return Status();
  }

  asio::awaitable<Status> Take(Step step, StopRule& rule) {
    const std::shared_ptr<Member> member = std::move(step.member);
    if (!member->over) {
      std::string model = member->model;
      const Status status =
          co_await context_.TellCandidateDelta(std::move(model), std::move(*step.shown));
      if (status.ok()) fan_out_.Add(ReadOn(member, true));
      co_return status;
    }
    const auto index = std::find(members_.begin(), members_.end(), member) - members_.begin();
    Candidate& candidate = candidates_[static_cast<std::size_t>(index)];
    candidate = MakeCandidate(member->model, std::move(member->collected), *context_.chat());
    const bool had_quorum = rule.QuorumReached();
    rule.OnEnd(candidate.usable()       ? StopRule::End::kUsable
               : candidate.has_answer() ? StopRule::End::kLowerGrade
                                        : StopRule::End::kFailed,
               Clock::now());
    Status status = co_await context_.TellCandidate(candidate);
    if (status.ok() && !had_quorum && rule.QuorumReached()) {
      std::string detail = std::to_string(rule.usable()) + " usable candidates, quorum " +
                           std::to_string(rule.quorum());
      status = co_await context_.TellStage("quorum", std::string(), std::move(detail));
    }
    co_return status;
  }

  void EndStragglers() {
    for (std::size_t i = 0; i < members_.size(); ++i) {
      const std::shared_ptr<Member>& member = members_[i];
      if (member == nullptr || candidates_[i].state != CandidateState::kCancelled) continue;
      Candidate& candidate = candidates_[i];
      candidate.latency = Clock::now() - member->start;
      candidate.time_to_first_token = member->collected.time_to_first_token;
      candidate.completion = member->collected.completion;
      if (limit_.Passed() || critic_at_.Passed()) {
        candidate.state = CandidateState::kTimedOut;
        candidate.error =
            MakeError(StatusCode::kDeadlineExceeded,
                      "model `" + member->model +
                          "` was not ready in the request's time; raise the `timeout` of the "
                          "request or of the mixture, or leave the model out",
                      reason::kDeadline);
      }
    }
  }

  void NoteFailures() {
    for (const Candidate& candidate : candidates_) {
      if (candidate.state == CandidateState::kSucceeded ||
          candidate.state == CandidateState::kCancelled) {
        continue;
      }
      context_.Degrade("member " + candidate.model + " " + NameOf(candidate.state) + ": " +
                       GetErrorInfo(candidate.error).reason);
    }
  }

  RunContext& context_;
  Deadline limit_;
  Deadline critic_at_;
  FanOut<Step> fan_out_;                          // its destruction cancels what is still under way
  std::vector<std::shared_ptr<Member>> members_;  // null: skipped
  std::vector<Candidate>& candidates_;            // the record's
};

}  // namespace

asio::awaitable<Status> Gather(RunContext& context, Deadline limit, Deadline critic_at) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Gathering gathering(context, limit, critic_at, executor);
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
