// How fast each model is, learnt from what it did.
#ifndef MOM_ENGINE_PACE_H_
#define MOM_ENGINE_PACE_H_

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "service/engine/hedge_budget.h"
#include "service/engine/sample_window.h"
#include "service/model/model_config.h"

namespace mom {

// What one model took, by kind, each in a window of its own. What fails is no sample: it says
// nothing of how long an answer takes. Thread-safe: the loops share it.
class Pace {
 public:
  using Duration = SampleWindow::Duration;
  enum class Of {
    kMemberAnswer,  // a member's whole answer, its retries included
    kCriticStart,   // until a critic's first piece that a reader would see
    kCriticToken,   // one token of a critic's answer, from there on
    kCriticAnswer,  // a critic's whole answer
    kAnalysis,      // a critic's whole analysis of the candidates
    kJudgement,     // until a judge has named one of two answers
  };

  void Add(Of of, Duration took);
  // It was stopped after `took`, before its end.
  void AddCut(Of of, Duration took);
  // As SampleWindow::ToGo.
  std::optional<Duration> ToGo(Of of, double share, Duration elapsed = Duration::zero()) const;

  // Of calls to it as a critic.
  HedgeBudget& hedges() { return hedges_; }

 private:
  static constexpr std::size_t kKinds = 6;
  SampleWindow& Window(Of of) { return windows_[static_cast<std::size_t>(of)]; }

  mutable std::mutex mutex_;
  std::array<SampleWindow, kKinds> windows_;  // guarded by mutex_
  HedgeBudget hedges_;
};

// The paces of all models. Owner: the engine, so that they outlive requests and reloads.
// Thread-safe.
class PaceTable {
 public:
  // Never null. `model` is one of the config's.
  std::shared_ptr<Pace> Get(const std::string& model);
  // Forgets the models that are gone, or that are others now by their own keys or their provider's.
  void OnReload(const ModelsConfig& before, const ModelsConfig& now);

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Pace>> paces_;  // guarded by mutex_
};

}  // namespace mom

#endif  // MOM_ENGINE_PACE_H_
