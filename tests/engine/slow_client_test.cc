// What a client that is slower than the models does to a run, and to what is learnt of them.
#include <chrono>

#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

// Takes 5 ms for each piece.
class SlowSink final : public EventSink {
 public:
  asio::awaitable<Status> Send(Event event, Deadline) override {
    const bool is_piece = std::holds_alternative<CandidateDeltaEvent>(event) ||
                          std::holds_alternative<DeltaEvent>(event);
    if (!is_piece) co_return Status();
    ++pieces;
    const Deadline::Clock::time_point start = Deadline::Clock::now();
    co_await SleepUntil(Deadline::After(milliseconds(5)));
    held += Deadline::Clock::now() - start;
    co_return Status();
  }
  int pieces = 0;
  Deadline::Duration held{};
};

class SlowClientTest : public EngineTest {
 protected:
  static FakeAnswer Words(int count) {
    FakeAnswer answer;
    for (int i = 0; i < count; ++i) answer.Text("word ");
    return answer.Finish();
  }
  void RunSlowly(RunRequest request) {
    if (engine == nullptr) MakeEngine();
    ASSERT_TRUE(RunOn(context, engine->Run(std::move(request), http, slow)).ok());
    ASSERT_EQ(observer.records.size(), 1u);
    ExpectNothingOpen();
  }
  std::chrono::nanoseconds Latency(std::size_t member) const {
    return observer.records[0]->candidates.at(member).latency;
  }

  SlowSink slow;
};

TEST_F(SlowClientTest, DoesNotKeepTheWaitForMembersGoing) {
  mixture.quorum = 1;
  mixture.grace.min = milliseconds(1);
  mixture.grace.max = milliseconds(20);
  Model("a").Then(Says("draft a"));
  Model("b").Then(Words(300));
  Model("c").Then(Words(300));
  RunRequest request = AskStreaming("question");
  request.want_candidate_deltas = true;
  RunSlowly(std::move(request));
  EXPECT_LT(slow.pieces, 150);
}

TEST_F(SlowClientTest, DoesNotMakeAMemberLookSlow) {
  mixture.quorum = 3;
  for (const char* name : {"a", "b", "c"}) Model(name).Then(Words(5));
  Model("critic").Then(Says("final"));
  RunRequest request = AskStreaming("question");
  request.want_candidate_deltas = true;
  RunSlowly(std::move(request));
  EXPECT_GE(slow.pieces, 15);
  for (std::size_t member : {0, 1, 2}) EXPECT_LT(Latency(member), slow.held / 3) << member;
}

TEST_F(SlowClientTest, DoesNotMakeAModelThatIsPassedOnLookSlow) {
  Model("a").Then(Words(20));
  RunRequest request = AskStreaming("question");
  request.model = "a";
  RunSlowly(std::move(request));
  EXPECT_LT(Latency(0), slow.held);
}

TEST_F(SlowClientTest, DoesNotMakeACriticLookSlow) {
  AllMembersSay("draft");
  Model("critic").Then(Words(20));
  MakeEngine();
  Pace& pace = *engine->paces().Get("critic");
  for (const Pace::Of of : {Pace::Of::kCriticAnswer, Pace::Of::kCriticToken}) {
    for (int i = 0; i < 19; ++i) pace.Add(of, hours(1));
  }
  RunSlowly(AskStreaming("question"));
  EXPECT_LT(*pace.ToGo(Pace::Of::kCriticAnswer, 0.01), slow.held);
  EXPECT_LT(*pace.ToGo(Pace::Of::kCriticToken, 0.01), slow.held / 20);
}

}  // namespace
}  // namespace mom::testing
