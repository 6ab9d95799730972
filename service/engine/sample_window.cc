#include "service/engine/sample_window.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace mom {

void SampleWindow::Add(Duration took, bool cut) {
  if (samples_.size() < kSize) {
    samples_.push_back(Sample{took, cut});
    return;
  }
  samples_[next_] = Sample{took, cut};
  next_ = (next_ + 1) % kSize;
}

std::optional<SampleWindow::Duration> SampleWindow::ToGo(double share, Duration elapsed) const {
  if (samples_.size() < kKnown) return std::nullopt;
  std::vector<Sample> longer;
  std::copy_if(samples_.begin(), samples_.end(), std::back_inserter(longer),
               [&](const Sample& sample) { return sample.took > elapsed; });
  if (longer.empty()) return Duration::zero();
  // Whoever was cut was still under way when those that took as long ended.
  std::sort(longer.begin(), longer.end(), [](const Sample& a, const Sample& b) {
    return std::tie(a.took, a.cut) < std::tie(b.took, b.cut);
  });
  // Rounding must not make the last of a hundred necessary where 99 of them will do.
  constexpr double kRounding = 1e-9;
  double under_way = 1;
  std::size_t left = longer.size();
  for (const Sample& sample : longer) {
    if (!sample.cut) under_way *= 1 - 1 / static_cast<double>(left);
    --left;
    if (under_way <= 1 - share + kRounding) return sample.took - elapsed;
  }
  return longer.back().took - elapsed;
}

}  // namespace mom
