#include "service/engine/answer_guard.h"

#include <re2/re2.h>

#include <algorithm>

#include "service/engine/candidate.h"

namespace mom {

bool OpensWithProcessTalk(std::string_view text) {
  // Only the opening: further on, such words may well be the answer's own.
  static const RE2* const kPattern = new RE2(
      "(?i)^[\\s*#>_\"'-]*(?:"
      "(?:both |all )?(?:the )?(?:response|candidate|answer|assistant)s? (?:[a-h]|[1-9])\\b"
      "|(?:based on|combining|synthesi[sz]ing|comparing|looking at|after reviewing|having reviewed)"
      " (?:the|all|all the|both|these) (?:\\w+ )?(?:response|candidate|answer|assistant)s\\b"
      "|(?:the|all|both|these) (?:\\w+ )?(?:candidates|responses|assistants)\\b)");
  constexpr std::size_t kOpening = 200;
  return RE2::PartialMatch(re2::StringPiece(text.data(), std::min(text.size(), kOpening)),
                           *kPattern);
}

std::optional<std::string> AnswerGuard::Reject(std::string_view text, bool whole) const {
  if (text.find(nonce_) != std::string_view::npos) return "nonce";
  if (OpensWithProcessTalk(text)) return "process_talk";
  if (whole && LooksLikeRefusal(text)) return "refusal";
  return std::nullopt;
}

}  // namespace mom
