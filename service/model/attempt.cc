#include "service/model/attempt.h"

namespace mom {

const char* NameOf(CallRole role) {
  switch (role) {
    case CallRole::kMember:
      return "member";
    case CallRole::kAnalysis:
      return "analysis";
    case CallRole::kCritic:
      return "critic";
    case CallRole::kJudge:
      return "judge";
    case CallRole::kRepair:
      return "repair";
  }
  return "member";
}

}  // namespace mom
