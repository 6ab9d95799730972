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
  }
  return "member";
}

}  // namespace mom
