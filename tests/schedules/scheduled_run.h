// One request to a mixture whose models answer by a random schedule, and what it must come to.
#ifndef MOM_TESTS_SCHEDULES_SCHEDULED_RUN_H_
#define MOM_TESTS_SCHEDULES_SCHEDULED_RUN_H_

#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/engine_fixture.h"

namespace mom::testing {

// Draws, by its number alone: strategy, form, unary or streamed, and for each call latency, pauses,
// errors, garbage. Owner: the test; must outlive the run.
class ScheduledRun final : public EngineTest {
 public:
  explicit ScheduledRun(int number);

  // Begins it on a loop of several.
  void Start(asio::io_context& loop);
  bool is_over() const { return status_.has_value(); }

  // All that is wrong with what came of it; call it once it is over.
  std::vector<std::string> Problems();
  // For the figures.
  bool gave_anchor() const { return gave_anchor_; }
  bool was_written() const { return status_->ok() && !gave_anchor_; }
  bool was_cut() const { return !status_->ok() && was_committed_; }
  bool has_form() const { return form_ != Form::kProse; }

 private:
  enum class Form { kProse, kJson, kEdit, kClosed };

  void TestBody() override {}
  int Below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random_); }
  template <typename T>
  const T& OneOf(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(Below(static_cast<int>(all.size())))];
  }
  // What the model of that name says next.
  FakeAnswer DrawAnswer(const std::string& name);
  std::string DrawText(bool is_critic);
  bool HasSaid(const std::string& name, const std::string& text) const;
  // Whether a critic writes the answer, so that it is no candidate's.
  bool IsWritten() const { return observer.records.at(0)->strategy == "synthesize"; }
  void CheckAnswer(const Candidate& anchor, std::vector<std::string>& problems);
  void CheckFailure(const Candidate* anchor, std::vector<std::string>& problems);

  std::mt19937_64 random_;
  Form form_;
  RunRequest asked_;
  std::map<std::string, std::vector<std::string>> said_;  // by name
  std::optional<Status> status_;
  std::chrono::milliseconds timeout_{0};
  bool was_committed_ = false;
  bool gave_anchor_ = false;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_SCHEDULES_SCHEDULED_RUN_H_
