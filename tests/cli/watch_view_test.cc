#include "clients/cli/watch_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_events.h"

namespace mom::cli {
namespace {

using testing::At;
using ::testing::EndsWith;
using testing::Event;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Drawn(const WatchState& state, int milliseconds, const WatchLook& look = {}) {
  std::string out;
  for (const StyledLine& line : DrawWatch(state, At(milliseconds), look)) {
    EXPECT_LT(line.width(), look.columns);
    std::string text = line.Render(false);
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + "\n";
  }
  return out;
}

class WatchViewTest : public ::testing::Test {
 protected:
  void Take(int milliseconds, const std::string& event) {
    state_.Take(Event(event), At(milliseconds));
  }
  void TakeMembers() {
    Take(0, testing::kStarted);
    Take(20, testing::kBetaFailed);
    Take(400, testing::kAlphaWrites);
    Take(900, testing::kGammaThinks);
  }
  void TakeRun() {
    TakeMembers();
    Take(1900, testing::kAlphaFinished);
    Take(1900, testing::kQuorum);
    Take(2500, testing::kCritic);
    Take(3000, testing::kDelta);
  }

  WatchState state_{At(0)};
};

TEST_F(WatchViewTest, BeforeAnythingIsKnown) {
  EXPECT_EQ(Drawn(state_, 200, {40, 24, true}), "─── asking ───────────────── 0.20 s ───\n");
}

TEST_F(WatchViewTest, MembersAtWork) {
  TakeMembers();
  EXPECT_EQ(Drawn(state_, 1000),
            "─── mom · synthesize ─────────────────────────────────────────────── 1.00 s ───\n"
            "  member  state        first    time  tokens  cost\n"
            "⠹ alpha   writing     0.40 s  1.00 s      ~3\n"
            "✗ beta    failed              0.02 s                UPSTREAM_AUTH\n"
            "⠹ gamma   thinking    0.90 s  1.00 s      ~2\n"
            "  quorum  0 usable so far\n");
}

TEST_F(WatchViewTest, TheCriticWrites) {
  TakeRun();
  EXPECT_EQ(Drawn(state_, 3500),
            "─── mom · synthesize ─────────────────────────────────────────────── 3.50 s ───\n"
            "  member  state        first    time    tokens       cost\n"
            "✓ alpha   usable      0.41 s  1.90 s  120 → 64  $0.000188\n"
            "✗ beta    failed              0.02 s                       UPSTREAM_AUTH\n"
            "· gamma   not needed  0.90 s  2.50 s        ~2\n"
            "✓ quorum  1 usable candidate, quorum 1\n"
            "⠸ judge   writing     0.50 s  1.00 s        ~7             critic\n");
}

TEST_F(WatchViewTest, TheEndHasAllSums) {
  TakeRun();
  Take(4000, testing::kCompleted);
  state_.End(At(4001));
  EXPECT_EQ(Drawn(state_, 9999),
            "─── mom · synthesize ─────────────────────────────────────────────── 4.00 s ───\n"
            "  member  state        first    time      tokens       cost\n"
            "✓ alpha   usable      0.41 s  1.90 s    120 → 64  $0.000188\n"
            "✗ beta    failed              0.02 s                         UPSTREAM_AUTH\n"
            "· gamma   not needed  0.90 s  2.50 s     ~30 → 6\n"
            "✓ quorum  1 usable candidate, quorum 1\n"
            "✓ judge   wrote it    0.50 s  1.50 s    250 → 30   $0.00029  critic\n"
            "  in all                      4.00 s  ~400 → 100    $0.0005\n"
            "✓ answered by judge  request req-1\n"
            "! degraded: member beta failed: UPSTREAM_AUTH\n");
}

TEST_F(WatchViewTest, WithoutUnicodeItIsAscii) {
  TakeRun();
  Take(4000, testing::kCompleted);
  for (const char c : Drawn(state_, 4000, {60, 24, false})) {
    EXPECT_TRUE(static_cast<unsigned char>(c) < 0x80) << c;
  }
}

TEST_F(WatchViewTest, ANarrowTerminalHasTokensAndCost) {
  TakeRun();
  Take(4000, testing::kCompleted);
  const std::string drawn = Drawn(state_, 4000, {60, 24, true});
  EXPECT_THAT(drawn, HasSubstr("\n✓ alpha   usable        120 → 64  $0.000188\n"));
  EXPECT_THAT(drawn, HasSubstr("UPSTREAM_AUTH\n"));
}

TEST_F(WatchViewTest, AFlatTerminalShowsFewerMembers) {
  Take(0, R"(started { strategy: "synthesize" members: ["a", "b", "c", "d", "e", "f"] })");
  EXPECT_EQ(DrawWatch(state_, At(0), {80, 24, true}).size(), 9u);
  const std::string drawn = Drawn(state_, 0, {80, 8, true});
  EXPECT_THAT(drawn, HasSubstr(" b "));
  EXPECT_THAT(drawn, HasSubstr("4 more"));
  EXPECT_THAT(drawn, Not(HasSubstr(" c ")));
}

// The text's own row and one for the shell stay free, whatever there is to show.
TEST_F(WatchViewTest, ItIsNeverHigherThanTheTerminal) {
  TakeRun();
  Take(3500, R"(stage { name: "critic_fallback" model: "second" })");
  Take(3600, R"(stage { name: "critic_fallback" model: "third" })");
  Take(4000, testing::kCompleted);
  for (std::size_t rows = 5; rows < 30; ++rows) {
    EXPECT_LE(DrawWatch(state_, At(4000), {80, rows, true}).size(), rows - 2) << rows;
  }
}

TEST_F(WatchViewTest, ACriticThatFailedHasAFallback) {
  TakeRun();
  Take(3100, R"(stage { name: "critic_fallback" model: "second" })");
  const std::string drawn = Drawn(state_, 3200);
  EXPECT_THAT(drawn, HasSubstr("✗ judge   no answer"));
  EXPECT_THAT(drawn, HasSubstr("second  waiting"));
}

TEST_F(WatchViewTest, ACriticThatIsLateGoesOnBesideTheNextOne) {
  TakeRun();
  Take(3100, R"(stage { name: "critic_hedge" model: "second" })");
  const std::string drawn = Drawn(state_, 3200);
  EXPECT_THAT(drawn, Not(HasSubstr("✗ judge")));
  EXPECT_THAT(drawn, HasSubstr("second  waiting"));
}

TEST_F(WatchViewTest, AnAnchorIsNotTheCriticsWork) {
  TakeRun();
  Take(3100, R"(stage { name: "anchor" model: "alpha" detail: "usable" })");
  Take(3200, R"(completed { answered_by: "alpha" request_id: "req-1" })");
  const std::string drawn = Drawn(state_, 3200);
  EXPECT_THAT(drawn, HasSubstr("✗ judge   no answer"));
  EXPECT_THAT(drawn, EndsWith("✓ answered by alpha, as it stands  request req-1\n"));
}

TEST_F(WatchViewTest, AModelAloneHasNeitherQuorumNorSum) {
  Take(0, R"(started { model: "alpha" strategy: "single" members: "alpha" })");
  Take(300, testing::kDelta);
  EXPECT_EQ(Drawn(state_, 500),
            "─── alpha · single ───────────────────────────────────────────────── 0.50 s ───\n"
            "  member  state        first    time  tokens  cost\n"
            "⠦ alpha   writing     0.30 s  0.50 s      ~7\n");
  Take(600, testing::kAlphaFinished);
  Take(600, R"(completed { answered_by: "alpha" request_id: "req-1" })");
  EXPECT_THAT(Drawn(state_, 600), Not(HasSubstr("in all")));
}

TEST_F(WatchViewTest, AFailedRunSaysWhoWasStopped) {
  TakeMembers();
  state_.End(At(1000));
  const std::string drawn = Drawn(state_, 5000);
  EXPECT_THAT(drawn, HasSubstr("· alpha   stopped     0.40 s  1.00 s"));
  EXPECT_THAT(drawn, HasSubstr("✗ beta    failed"));
}

TEST_F(WatchViewTest, LongNamesAreCut) {
  Take(0, R"(started { strategy: "single" members: "a-model-with-a-name-of-36-characters" })");
  EXPECT_THAT(Drawn(state_, 0), HasSubstr(" a-model-with-a-name-of-…  waiting "));
}

}  // namespace
}  // namespace mom::cli
