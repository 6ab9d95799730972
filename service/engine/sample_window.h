// How long something takes, by what was seen of it.
#ifndef MOM_ENGINE_SAMPLE_WINDOW_H_
#define MOM_ENGINE_SAMPLE_WINDOW_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace mom {

// The latest hundred durations. Some were cut: stopped before their end, so that of them only a
// least is known (they are "censored"). They count as that, for without them whoever is always cut
// would look quick: the quantiles are those of the Kaplan-Meier estimate, in which the longest
// sample, where that is a cut one, is taken as it is. Not thread-safe.
class SampleWindow {
 public:
  using Duration = std::chrono::nanoseconds;
  static constexpr std::size_t kSize = 100;
  // Fewer samples say nothing.
  static constexpr std::size_t kKnown = 20;

  // `cut`: it would have taken longer than `took`.
  void Add(Duration took, bool cut);

  // What those that have taken `elapsed` already take from there on, all but the slowest 1 -
  // `share` of them; zero where none took longer. nullopt: too few samples are known.
  std::optional<Duration> ToGo(double share, Duration elapsed = Duration::zero()) const;

 private:
  struct Sample {
    Duration took;
    bool cut;
  };
  std::vector<Sample> samples_;  // a ring once it is full
  std::size_t next_ = 0;         // where the next one goes, once it is
};

}  // namespace mom

#endif  // MOM_ENGINE_SAMPLE_WINDOW_H_
