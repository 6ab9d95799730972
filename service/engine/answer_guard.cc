#include "service/engine/answer_guard.h"

#include <re2/re2.h>

#include <algorithm>

#include "service/engine/candidate.h"

namespace mom {

bool OpensWithProcessTalk(std::string_view text) {
  // Only the opening: further on, such words may well be the answer's own.
  static const RE2* const kPattern = new RE2(
      "^[\\s*#>_\"'-]*(?:"
      "(?i:both |all )?(?i:the )?(?i:draft|response|candidate|assistant)s? (?:[A-H]|[1-9])\\b"
      "|(?i:based on|combining|synthesi[sz]ing|comparing|looking at|after reviewing|"
      "having reviewed) (?i:the|all|all the|both|these) (?:\\w+ )?"
      "(?i:draft|response|candidate|answer)s\\b"
      "|(?i:all|both|these) (?:\\w+ )?(?i:drafts)\\b)");
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
