#include "service/contract/verdict.h"

#include <algorithm>

namespace mom {

void PutWordsLast(const std::vector<Verdict*>& verdicts) {
  const auto edits = [](const Verdict* one) { return !one->edits_nothing; };
  const auto count = std::count_if(verdicts.begin(), verdicts.end(), edits);
  if (2 * count <= std::ssize(verdicts)) return;
  if (std::any_of(verdicts.begin(), verdicts.end(),
                  [&](const Verdict* one) { return edits(one) && one->usable; })) {
    return;
  }
  for (Verdict* one : verdicts) {
    if (!edits(one)) one->Break(0.01, "it edits nothing, where most answers edit");
  }
}

}  // namespace mom
