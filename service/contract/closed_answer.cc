#include "service/contract/closed_answer.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <set>

#include "service/contract/closed_number.h"
#include "service/contract/text_lines.h"

namespace mom {
namespace {

// What a text says of its own answer: "the answer is", "Answer:", "\boxed{", "####".
const char kSays[] =
    "(?i:\\b(?:answer|result|option|choice)(?:(?:\\s+\\w+){0,3}?\\s+is|\\s*[:=])+|\\\\boxed\\{|####"
    ")\\s*";

// A pattern of these parts, which lives as long as the process.
const RE2& Pattern(std::initializer_list<std::string_view> parts) {
  std::string pattern;
  for (const std::string_view part : parts) pattern += part;
  return *new RE2(pattern);
}

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

// What the pattern's only group has; nullopt where it does not match.
std::optional<std::string> Group(std::string_view text, const RE2& pattern) {
  std::string found;
  if (!RE2::PartialMatch(Piece(text), pattern, &found)) return std::nullopt;
  return found;
}

// The text without what only marks it: Markdown's, TeX's, quotation marks, currencies.
std::string WithoutMarks(std::string_view text) {
  static const RE2& kMarks =
      Pattern({"[*`_$\"€£“”≈~]|\\\\[()\\[\\]]|\\\\(?:text|textbf|mathrm|mathbf)\\{"});
  static const RE2& kMinus = Pattern({"−"});
  std::string plain(text);
  RE2::GlobalReplace(&plain, kMarks, "");
  RE2::GlobalReplace(&plain, kMinus, "-");
  return std::string(Strip(plain));
}

std::string_view FirstLine(std::string_view text) { return Strip(text.substr(0, text.find('\n'))); }
std::string_view LastLine(std::string_view text) {
  return Strip(text.substr(text.find_last_of('\n') + 1));
}

// Whether a number may end where `rest` begins: it is not part of a sum, a range, a time, a
// version.
bool NumberEnds(std::string_view rest) {
  static const RE2& kGoesOn =
      Pattern({"^(?:[.,]\\d|\\s*(?:[-+/:^×*·]|–|—|to\\b)\\s*[({]?\\d|\\s*\\^|\\s*×)"});
  return !RE2::PartialMatch(Piece(rest), kGoesOn);
}

// The number of the pattern's only group.
std::optional<std::string> NumberOf(std::string_view text, const RE2& pattern) {
  re2::StringPiece found;
  if (!RE2::PartialMatch(Piece(text), pattern, &found)) return std::nullopt;
  const char* end = found.data() + found.size();
  const auto left = static_cast<std::size_t>(text.data() + text.size() - end);
  if (!NumberEnds(std::string_view(end, left))) return std::nullopt;
  return CanonicalNumber(std::string_view(found.data(), found.size()));
}

// The number of a text that has no other.
std::optional<std::string> OnlyNumber(std::string_view text) {
  static const RE2& kNumber = Pattern({"(?:^|[^\\w.,/+-])(", kNumberPattern, ")"});
  std::set<std::string> found;
  re2::StringPiece match[2];
  for (std::size_t at = 0;
       kNumber.Match(Piece(text), at, text.size(), RE2::UNANCHORED, match, 2);) {
    at = static_cast<std::size_t>(match[1].end() - text.data());
    const auto number = CanonicalNumber(std::string_view(match[1].data(), match[1].size()));
    if (!number || !NumberEnds(text.substr(at))) return std::nullopt;
    found.insert(*number);
  }
  if (found.size() != 1) return std::nullopt;
  return *found.begin();
}

std::optional<std::string> Number(std::string_view text) {
  static const RE2& kSaid =
      Pattern({"(?s).*", kSays, "(?i:(?:approximately|about|roughly)\\s+)?(", kNumberPattern, ")"});
  static const RE2& kEquals = Pattern({"=\\s*(", kNumberPattern, ")\\W*$"});
  static const RE2& kBare = Pattern({"^\\W*?(", kNumberPattern, ")\\W*$"});
  constexpr std::size_t kSentence = 200;  // beyond, a number may be anything
  if (auto said = NumberOf(text, kSaid)) return said;
  if (auto equals = NumberOf(text, kEquals)) return equals;
  if (auto last = NumberOf(LastLine(text), kBare)) return last;
  if (auto first = NumberOf(FirstLine(text), kBare)) return first;
  return text.size() <= kSentence ? OnlyNumber(text) : std::nullopt;
}

// The letter of a text that shows one choice, as "B) Paris".
std::optional<std::string> OnlyChoice(std::string_view text) {
  static const RE2& kChoice = Pattern({"(?m)^\\s*\\(?([A-Z])[).:]\\s+\\S"});
  std::set<std::string> found;
  re2::StringPiece rest = Piece(text);
  for (std::string letter; RE2::FindAndConsume(&rest, kChoice, &letter);) found.insert(letter);
  if (found.size() != 1) return std::nullopt;
  return *found.begin();
}

std::optional<std::string> Letter(std::string_view text) {
  static const RE2& kSaid =
      Pattern({"(?s).*", kSays,
               "(?i:(?:option|choice|letter)\\s+)?\\(?([A-Z]|[a-z](?:[).\\n]|$))"
               "(?:\\s*(?:[^\\w\\s'’]|\\n|$)|\\s+(?:because|since|as)\\b)"});
  static const RE2& kBare = Pattern({"^\\W*([A-Za-z])\\W*$"});
  std::optional<std::string> found = Group(text, kBare);
  if (!found) found = Group(text, kSaid);
  if (!found) found = Group(LastLine(text), kBare);
  if (!found) found = Group(FirstLine(text), kBare);
  if (!found) return OnlyChoice(text);
  return std::string(1, static_cast<char>(std::toupper(static_cast<unsigned char>((*found)[0]))));
}

std::optional<std::string> YesNo(std::string_view text) {
  static const RE2& kSaid = Pattern({"(?s).*", kSays, "(?i:(yes|no|true|false)\\b)"});
  static const RE2& kOpens =
      Pattern({"^\\W*(?i:(yes\\b|(?:no|true|false)(?:\\s*[^\\w\\s'’]|\\n|$)))"});
  static const RE2& kBare = Pattern({"^\\W*(?i:(yes|no|true|false))\\W*$"});
  std::optional<std::string> found = Group(text, kSaid);
  if (!found) found = Group(text, kOpens);
  if (!found) found = Group(LastLine(text), kBare);
  if (!found) return std::nullopt;
  const char first = (*found)[0];
  return std::string_view("yYtT").find(first) != std::string_view::npos ? "yes" : "no";
}

bool IsBare(ContractKind kind, std::string_view text) {
  static const RE2& kNumber = Pattern({kNumberPattern});
  static const RE2& kLetter = Pattern({"[A-Za-z]"});
  static const RE2& kYesNo = Pattern({"(?i:yes|no|true|false)"});
  const RE2& bare = kind == ContractKind::kClosedNumber   ? kNumber
                    : kind == ContractKind::kClosedLetter ? kLetter
                                                          : kYesNo;
  return RE2::FullMatch(Piece(text), bare);
}

}  // namespace

std::optional<std::string> CanonicalAnswer(ContractKind kind, std::string_view text) {
  const std::string plain = WithoutMarks(text);
  switch (kind) {
    case ContractKind::kClosedNumber:
      return Number(plain);
    case ContractKind::kClosedLetter:
      return Letter(plain);
    case ContractKind::kClosedYesNo:
      return YesNo(plain);
    default:
      return std::nullopt;
  }
}

Verdict CheckClosedAnswer(ContractKind kind, std::string_view answer) {
  constexpr std::size_t kFewWords = 24;
  Verdict verdict;
  const std::string_view text = Strip(answer);
  if (!CanonicalAnswer(kind, text)) {
    verdict.Break(0.1, "it does not give the short answer that was asked for");
  } else if (!IsBare(kind, text)) {
    verdict.Lower(text.size() <= kFewWords ? 0.9 : 0.7, "it says more than the answer");
  }
  return verdict;
}

}  // namespace mom
