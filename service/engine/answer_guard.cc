#include "service/engine/answer_guard.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <variant>

#include "service/engine/candidate.h"

namespace mom {
namespace {

// So much of a nonce is no accident.
constexpr std::size_t kPieceOfNonce = 8;
// Less at the end of a text is let go: what follows still gives it away.
constexpr std::size_t kLeastOfNonce = 4;
constexpr std::size_t kOpening = 200;

re2::StringPiece AsPiece(std::string_view text) { return {text.data(), text.size()}; }

// Without the marks before the first word, in lower case, with plain apostrophes.
std::string OpeningOf(std::string_view text) {
  std::string opening;
  for (const unsigned char c : text.substr(0, kOpening)) {
    if (opening.empty() && std::isalnum(c) == 0) continue;
    opening.push_back(static_cast<char>(std::tolower(c)));
  }
  RE2::GlobalReplace(&opening, "\xe2\x80\x99", "'");
  return opening;
}

// Openings after which a few more words tell process talk or a refusal from an answer.
constexpr std::string_view kDoubtful[] = {
    "based on", "combining",  "comparing", "looking at", "after review",  "after compar", "having ",
    "synthesi", "the drafts", "i'm ",      "i am ",      "i can't",       "i cannot",     "i won't",
    "i must",   "i have to",  "i apologi", "sorry",      "unfortunately", "as an ai"};
// What they must not grow into: so long as a text is the start of one, nothing is decided.
constexpr std::string_view kBadOpenings[] = {"draft a",
                                             "response 1",
                                             "response #1",
                                             "candidate a",
                                             "candidate answer a",
                                             "assistant a",
                                             "drafts a",
                                             "responses 1",
                                             "candidates a",
                                             "only draft a",
                                             "both draft a",
                                             "these drafts",
                                             "the draft a",
                                             "the response 1",
                                             "the candidate a",
                                             "the assistant a",
                                             "the drafts a",
                                             "both drafts",
                                             "both the drafts",
                                             "both of the drafts",
                                             "all drafts",
                                             "all the drafts",
                                             "all of the drafts",
                                             "consensus\":",
                                             "json\n{\"consensus\":",
                                             "json\n{\n  \"consensus\":"};

// Whether a fence may begin with `text`, which begins with `<`.
bool BeginsFence(std::string_view text) {
  text.remove_prefix(1);
  if (text.starts_with('/')) text.remove_prefix(1);
  for (const std::string_view name : {"draft ", "analysis "}) {
    if (name.starts_with(text)) return true;
    if (!text.starts_with(name)) continue;
    std::string_view rest = text.substr(name.size());
    if (name == "draft ") {
      constexpr std::size_t kLongestLabel = 2;
      const std::size_t label = std::min(rest.find(' '), rest.size());
      if (label > kLongestLabel) return false;
      rest.remove_prefix(std::min(label + 1, rest.size()));
    }
    return std::all_of(rest.begin(), rest.end(), [](unsigned char c) { return std::isxdigit(c); });
  }
  return false;
}

}  // namespace

bool AnswerGuard::IsAbout(std::string_view noun) const {
  return Mentions("(?i)\\b" + std::string(noun) + "(?:s\\b| #?[A-H1-9]\\b)");
}

bool AnswerGuard::Mentions(const std::string& words) const {
  if (conversation_ == nullptr) return false;
  const RE2 pattern(words);
  for (const Message& message : conversation_->messages) {
    for (const ContentPart& part : message.content) {
      const auto* text = std::get_if<TextPart>(&part);
      if (text != nullptr && RE2::PartialMatch(text->text, pattern)) return true;
    }
  }
  return false;
}

bool AnswerGuard::OpensWithProcessTalk(std::string_view text) const {
  // Only the opening: further on, such words may well be the answer's own.
  static const RE2* const kPattern = new RE2(
      "^[\\s*#>_\"'(\\[</-]*(?:"
      "(?i:both |all |only |neither )?(?i:of )?(?i:the "
      ")?(?i:(draft|response|candidate|assistant)s?)"
      "(?i: answer| response)? #?(?:[A-H]|[1-9])(?:[^\\w/&+#-]|$)"
      "|(?i:based on|combining|synthesi[sz]ing|comparing|looking at|(?:after|having) "
      "(?:review|compar|read|consider|analy[sz])(?:ing|ed)) (?i:the|all|all (?:of )?the|both|both "
      "the|these) (?:\\w+ ){0,2}(?i:(?:(draft)s\\b|(response|candidate|answer)s"
      "(?: ?[,.:;]| (?:above|below|provided|given|I|we)\\b)))"
      "|(?i:all|both|these)(?i: of)?(?i: the)? (?:\\w+ )?(?i:(draft)s)\\b"
      "|(?i:the (draft)s (?:all |both |mostly |above |below )?"
      "(?:agree|disagree|differ|say|state|suggest|mention|contradict))\\b)");
  std::string noun[5];
  const re2::StringPiece opening = AsPiece(text.substr(0, kOpening));
  if (!RE2::PartialMatch(opening, *kPattern, &noun[0], &noun[1], &noun[2], &noun[3], &noun[4])) {
    return false;
  }
  return std::none_of(std::begin(noun), std::end(noun),
                      [this](const std::string& word) { return !word.empty() && IsAbout(word); });
}

bool AnswerGuard::OpensWithAnalysis(std::string_view text) const {
  static const RE2* const kPattern = new RE2("^\\s*(?:```(?:json)?\\s*)?\\{\\s*\"consensus\"\\s*:");
  return RE2::PartialMatch(AsPiece(text.substr(0, kOpening)), *kPattern) &&
         !Mentions("(?i)\\bconsensus\\b");
}

std::optional<std::string> AnswerGuard::RejectStart(std::string_view text) const {
  if (RepeatsFence(text)) return "fence";
  if (OpensWithProcessTalk(text) || OpensWithAnalysis(text)) return "process_talk";
  return std::nullopt;
}

std::optional<std::string> AnswerGuard::RejectWhole(const Completion& answer) const {
  // A label is nothing but ours, wherever it stands.
  static const RE2* const kLabel = new RE2("\\b[Dd]rafts? [A-H](?:[^\\w/&+#-]|$)");
  if (const auto rejected = RejectStart(answer.text)) return rejected;
  if (RE2::PartialMatch(answer.text, *kLabel) && !IsAbout("draft")) return "process_talk";
  const bool reads_refused = LooksLikeRefusal(answer.text);
  if (contract_ == nullptr && reads_refused) return "refused";
  if (contract_ == nullptr) return std::nullopt;
  const Verdict verdict = Check(*contract_, answer);
  if (reads_refused && !ShowsForm(*contract_, verdict)) return "refused";
  if (!verdict.usable || verdict.score < least_score_) return "contract_broken";
  return std::nullopt;
}

AnswerGuard::Doubt AnswerGuard::DoubtOf(std::string_view start) const {
  if (LooksLikeRefusal(start)) return Doubt::kRefusal;
  constexpr std::size_t kFewWords = 80;
  const std::string opening = OpeningOf(start);
  const auto begins = [&](std::string_view bad) { return bad.starts_with(opening); };
  const bool may_begin = std::any_of(std::begin(kBadOpenings), std::end(kBadOpenings), begins) ||
                         std::any_of(std::begin(kDoubtful), std::end(kDoubtful), begins);
  const bool is_open =
      opening.size() < kFewWords &&
      std::any_of(std::begin(kDoubtful), std::end(kDoubtful),
                  [&](std::string_view doubtful) { return opening.starts_with(doubtful); });
  return may_begin || is_open ? Doubt::kFewWords : Doubt::kNone;
}

bool AnswerGuard::RepeatsFence(std::string_view text) const {
  // Forged ones, too: no reader is to see one.
  static const RE2* const kForm =
      new RE2("</?(?:draft [A-Z0-9]{1,2}(?:>| [0-9a-f]{8})|analysis [0-9a-f]{8})");
  const std::size_t size = std::min(kPieceOfNonce, nonce_.size());
  for (std::size_t i = 0; i + size <= nonce_.size(); ++i) {
    if (text.find(std::string_view(nonce_).substr(i, size)) != std::string_view::npos) return true;
  }
  return RE2::PartialMatch(AsPiece(text), *kForm);
}

std::size_t AnswerGuard::MayBeginFence(std::string_view text) const {
  const std::size_t tag = text.rfind('<');
  if (tag != std::string_view::npos && BeginsFence(text.substr(tag))) {
    return text.size() - tag;
  }
  for (std::size_t size = std::min(kPieceOfNonce - 1, text.size()); size >= kLeastOfNonce; --size) {
    if (nonce_.find(text.substr(text.size() - size)) != std::string::npos) return size;
  }
  return 0;
}

}  // namespace mom
