// One thing goes wrong, everywhere in turn.
#include <algorithm>

#include "service/base/reasons.h"
#include "service/engine/synthesize.h"
#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

class SynthesizeFaultsTest : public EngineTest {};

// Fail at every step of every model: there is an answer as long as one member has one.
TEST_F(SynthesizeFaultsTest, AnyOneFailureAtAnyStepStillGivesAnAnswer) {
  const FakeAnswer whole = FakeAnswer().Text("dra").Text("ft").Finish();
  const Status failure = MakeError(StatusCode::kUnavailable, "x", reason::kUpstreamConnectionLost);
  for (const char* failing : {"a", "b", "c", "critic"}) {
    for (std::size_t step = 0; step < whole.size(); ++step) {
      sink.events.clear();
      observer.records.clear();
      for (const char* name : {"a", "b", "c", "critic", "crit2"}) {
        clients[name] = std::make_shared<FakeModelClient>(name);
        clients[name]->Always(name == std::string(failing) ? whole.FailingAt(step, failure)
                                                           : whole);
      }
      ASSERT_TRUE(Run(Ask("question")).ok()) << failing << " at " << step;
      EXPECT_EQ(sink.answer()->completion.text, "draft");
      EXPECT_TRUE(sink.answer()->degraded()) << failing << " at " << step;
    }
  }
}

// Cancel at every step: all calls end, the observers are told once.
TEST_F(SynthesizeFaultsTest, CancelledAtAnyPointNothingIsLeftOpen) {
  const FakeAnswer whole = FakeAnswer().Text("dra").Text("ft").Finish();
  for (const char* hanging : {"a", "critic"}) {
    for (std::size_t step = 0; step < whole.size(); ++step) {
      sink.events.clear();
      observer.records.clear();
      for (const char* name : {"a", "b", "c", "critic", "crit2"}) {
        clients[name] = std::make_shared<FakeModelClient>(name);
        clients[name]->Always(name == std::string(hanging) ? whole.HangingAt(step) : whole);
      }
      mixture.quorum = 3;
      MakeEngine();
      asio::cancellation_signal cancel;
      bool aborted = false;
      auto done = [&](std::exception_ptr error, Status) {
        try {
          if (error) std::rethrow_exception(error);
        } catch (const boost::system::system_error& e) {
          aborted = e.code() == asio::error::operation_aborted;
        }
      };
      asio::co_spawn(context, engine->Run(AskStreaming("question"), http, sink),
                     asio::bind_cancellation_slot(cancel.slot(), done));
      context.restart();
      context.poll();
      const int calls = static_cast<int>(Model("critic").calls().size());
      cancel.emit(asio::cancellation_type::terminal);
      context.restart();
      context.run();
      EXPECT_TRUE(aborted) << hanging << " at " << step;
      ASSERT_EQ(observer.records.size(), 1u);
      EXPECT_EQ(observer.records[0]->status.code(), StatusCode::kCancelled);
      EXPECT_EQ(observer.records[0]->candidates.size(), mixture.members.size());
      EXPECT_EQ(static_cast<int>(Model("critic").calls().size()), calls);
      ExpectNothingOpen();
    }
  }
}

TEST_F(SynthesizeFaultsTest, AClientThatIsGoneEndsTheRunAtWhateverEvent) {
  for (int events = 0; events < 8; ++events) {
    for (const char* name : {"a", "b", "c", "critic", "crit2"}) {
      clients[name] = std::make_shared<FakeModelClient>(name);
      clients[name]->Always(FakeAnswer().Text("dra").Text("ft").Finish());
    }
    sink.events.clear();
    observer.records.clear();
    sink.GoAfter(events);
    EXPECT_EQ(Run(AskStreaming("question")).code(), StatusCode::kCancelled) << events;
  }
}

TEST_F(SynthesizeFaultsTest, TheDeadlineStopsACriticThatHangsAndGivesTheAnchor) {
  AllMembersSay("draft");
  Model("critic").Then(FakeAnswer().Hang());
  Model("crit2").Then(FakeAnswer().Hang());
  RunRequest request = Ask("question");
  request.timeout = std::chrono::milliseconds(300);
  ASSERT_TRUE(Run(request).ok());
  EXPECT_EQ(sink.answer()->completion.text, "draft a");
}

TEST_F(SynthesizeFaultsTest, TheDeadlineWithoutAnyCandidateIsDeadlineExceeded) {
  for (const char* name : {"a", "b", "c"}) Model(name).Then(FakeAnswer().Text("x").Hang());
  RunRequest request = Ask("question");
  request.timeout = std::chrono::milliseconds(50);
  EXPECT_EQ(Run(request).code(), StatusCode::kDeadlineExceeded);
}

}  // namespace
}  // namespace mom::testing
