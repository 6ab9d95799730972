#include "service/contract/closed_demand.h"

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

#include "service/contract/pattern.h"
#include "service/contract/request_text.h"

namespace mom {
namespace {

// A demand begins a sentence: behind a colon, what stands before it says when it holds, but for
// such words as these. Group 1 is what is left of the sentence, group 2 what comes after it.
constexpr std::string_view kBegins =
    "(?i)(?:^|[.?!)\\n]|\\b(?:note|nb|important|reminder|format|task|answer|output|p\\.?s\\.?):)"
    "[\\s*_#-]*(?:(?:please|now|always|just|simply|you (?:must|should)) )*";
constexpr std::string_view kEnds = "\\b([^.?!\\n]*)((?s).*)";
constexpr std::string_view kSay = "(?:answer|reply|respond)";
// What is said of programs, too.
constexpr std::string_view kWrite =
    "(?:output|give|return|write|print|say)(?: (?:me|us|back|with))*";
constexpr std::string_view kOnly = "(?:only|just|solely|exactly|nothing but)";
constexpr std::string_view kMustBe =
    "your (?:final )?(?:answer|reply|response) (?:must|should) be ";
constexpr std::string_view kNumber = " (?:number|integer|numeral|digit|numeric value)";
constexpr std::string_view kLetter =
    "(?: (?:single|capital|uppercase|correct|corresponding))* letter";
constexpr std::string_view kRightOne =
    " of the (?:correct|right|best)(?: (?:option|answer|choice))?";
constexpr std::string_view kYesNo = "(?:yes|no|true|false)";

struct ClosedDemand {
  ContractKind kind;
  const RE2& pattern;
  bool may_be_of_a_program = false;
};

// "Only output the number.", "Give only the number.", "Just the number please.": the sentence has
// nothing more to say of the answer, unless it is a colon and the question.
ClosedDemand OnlyWrite(ContractKind kind, std::initializer_list<std::string_view> what) {
  std::string noun;
  for (const std::string_view part : what) noun += part;
  return {kind,
          Pattern({kBegins, "(?:(?:only|just) (?:", kWrite, " )?|", kWrite,
                   " (?:only|just|nothing but) )", noun,
                   "((?:,? (?:please|alone|only|(?:and )?nothing else|(?:no|without(?: any)?) "
                   "(?:explanation|words|text)))*)[ *_]*(?:[.!:\\n]|$)((?s).*)"}),
          true};
}

const std::array<ClosedDemand, 14>& Demands() {
  constexpr auto kNumberKind = ContractKind::kClosedNumber;
  constexpr auto kLetterKind = ContractKind::kClosedLetter;
  constexpr auto kYesNoKind = ContractKind::kClosedYesNo;
  static const std::array<ClosedDemand, 14> kDemands = {{
      {kNumberKind,
       Pattern({kBegins, kSay, "(?: (?:me|with|in|as))* ", kOnly, "(?: (?:with|as|in))?",
                "(?: (?:a|an|one|the|your|single|final|whole|numeric|numerical|decimal))*", kNumber,
                kEnds})},
      {kNumberKind, Pattern({kBegins, kSay, "(?: (?:me|with|in|as))+ a single", kNumber, kEnds})},
      {kNumberKind, Pattern({kBegins, kMustBe, "(?:(?:only |just )?a single|(?:only|just) an?)",
                             kNumber, kEnds})},
      {kNumberKind, Pattern({kBegins, kSay,
                             "(?: me)? (?:with|in|as) (?:a|an|one|the)(?: (?:single|final|whole))*",
                             kNumber, " (?:only|alone)", kEnds})},
      {kLetterKind, Pattern({kBegins, kSay, "(?: me)? (?:with|in|by) (?:a|one|the)", kLetter,
                             " (?:only|alone)", kEnds})},
      {kLetterKind, Pattern({kBegins, kSay, "(?: (?:me|with|in))* ", kOnly,
                             "(?: with)? (?:the|a|one)", kLetter, kEnds})},
      {kLetterKind,
       Pattern({kBegins, kSay, "(?: me)? (?:with|in) (?:a single|one)", kLetter, kEnds})},
      {kLetterKind, Pattern({kBegins, kSay, "(?: (?:with|only|just|either))*:? \\(?A\\)?",
                             "(?:(?:, or|,| or|/) ?\\(?[B-J]\\)?)+", kEnds})},
      {kYesNoKind,
       Pattern({kBegins, kSay, "(?: (?:me|with|only|just|simply|either|in one word|a))*:? ", kYesNo,
                "(?: or |/| / |, )", kYesNo, kEnds})},
      {kLetterKind, Pattern({kBegins, kSay, "(?: me)? with the", kLetter, kRightOne, kEnds})},
      {kYesNoKind, Pattern({kBegins, kMustBe, "(?:(?:either|only|just) )*", kYesNo, "(?: or |/)",
                            kYesNo, kEnds})},
      OnlyWrite(kNumberKind, {"(?:a|an|one|the|your)(?: (?:single|final|whole|numeric|numerical|"
                              "decimal|exact|resulting))*",
                              kNumber}),
      OnlyWrite(kLetterKind, {"(?:a|one|the|your)", kLetter, "(?:", kRightOne, ")?"}),
      OnlyWrite(kYesNoKind, {"(?:a )?", kYesNo, "(?: or |/)", kYesNo}),
  }};
  return kDemands;
}

// Whether more than the answer is asked for, or the answer in some cases only.
bool AsksForMore(std::string before, std::string sentence, std::string after) {
  static const RE2& kNoMore = Pattern(
      {"(?i)\\b(?:no|without|don't|do not|never|not)",
       "(?: (?:any|give|an|a|need to|add|include|further|other|additional|your|the|show))* ",
       "(?:explain|explanations?|reason(?:s|ing)?|justif\\w+|details?|steps?|descriptions?|work)",
       "\\b|\\band nothing else\\b"});
  static const RE2& kFirst = Pattern(
      {"(?i)\\b(?:explain|justif\\w+|elaborate|step[- ]by[- ]step|reason(?:ing)?|show your|",
       "deriv\\w+|discuss\\w*)\\b"});
  static const RE2& kThen = Pattern(
      {"(?i)\\b(?:explain|explanation|why|justif\\w+|reason(?:s|ing)?|because|elaborate|details?|",
       "describe|show your|step[- ]by[- ]step|then|followed by|as well as|along with|also|",
       "thoughts|trade-?offs?|pros and cons|discuss\\w*|comments?|after", " that)\\b"});
  // A further sentence that wants something; not one that says the demand again.
  static const RE2& kAgain = Pattern(
      {"(?i)\\b(?:give|write|provide|show|tell|include|add|mention|name|compare)(?: me)?,? ",
       "(?:only|just|no (?:(?:other|further|additional) )?\\w+|nothing|not\\b|it\\b|this\\b|",
       "as |in |your (?:\\w+ )?(?:answer|result)|",
       "(?:the|a|one|exactly one) (?:(?:single|final|correct|right|exact|whole|best) )*",
       "(?:answers?|numbers?|letters?|digits?|options?|results?|values?|words?|integers?)\\b)"});
  static const RE2& kWantsMore = Pattern(
      {"(?i)(?:^|[.!?;:\\n])[\\s*_-]*(?:(?:and|but|please|also|next|finally)[ ,]+)*",
       "(?:list|give|write|show|cite|name|fix|correct|rewrite|provide|add|suggest|tell|mention|",
       "summari[sz]e|include|compare|translate|draw|make|create|improve|quote|support|back)\\b"});
  static const RE2& kSomeCases =
      Pattern({"(?i)\\b(?:if|when|whenever|unless|in case|for "
               "example|e\\.g|where|except|each|every|per)\\b",
               "|\\b(?:and|but|plus)\\b"});
  RE2::GlobalReplace(&after, kAgain, "");
  for (std::string* part : {&before, &sentence, &after}) RE2::GlobalReplace(part, kNoMore, "");
  // A question on either side: one of them is asked of somebody else.
  if (before.find('?') != std::string::npos && after.find('?') != std::string::npos) return true;
  return Finds(kFirst, before) || Finds(kThen, sentence) || Finds(kSomeCases, sentence) ||
         Finds(kThen, after) || Finds(kWantsMore, after);
}

// Whether the text is about prompts, tells what somebody says, or asks for work on a text: then it
// may show a demand.
bool IsAboutWords(std::string_view text) {
  static const RE2& kAbout = Pattern(
      {"(?i)\\b(?:prompts?|templates?|translat\\w+|re-?writ\\w+|rephras\\w+|proofread\\w*|",
       "paraphras\\w+|summar\\w+|what does|instructions?|system "
       "message|polls?|surveys?|questionnaires?|quiz\\w*|e-?mails?|(?:user|bot|model|assistant)s? ",
       "(?:say|ask|answer|repl)\\w*)\\b|\\b(?:sa(?:id|ys)|wr(?:ote|ites)|told "
       "\\w+|asked|replied) ?[,:]"});
  return Finds(kAbout, text);
}

// Whether there is a list of things to answer: one short answer cannot be meant.
bool HasSeveralItems(std::string_view text, bool letters_are_options) {
  static const RE2& kFirstOfNumbers = Pattern({"(?:^|\\s)\\(?1[.)]\\s"});
  static const RE2& kSecondOfNumbers = Pattern({"\\s\\(?2[.)]\\s"});
  static const RE2& kFirstOfLetters = Pattern({"(?i)(?:^|\\s)\\(?a[.)]\\s"});
  static const RE2& kSecondOfLetters = Pattern({"(?i)\\s\\(?b[.)]\\s"});
  if (Finds(kFirstOfNumbers, text) && Finds(kSecondOfNumbers, text)) return true;
  return !letters_are_options && Finds(kFirstOfLetters, text) && Finds(kSecondOfLetters, text);
}

// Whether a text has sections: what one of them demands does not hold for the others.
bool HasSections(std::string_view text) {
  static const RE2& kHeadings = Pattern({"(?m)(?s:^#{1,6} .*^#{1,6} )"});
  return Finds(kHeadings, text);
}

// Whether a program is asked for, or spoken of: then that may be what is to print a number.
bool IsAboutPrograms(std::string_view text) {
  static const RE2& kProgram = Pattern(
      {"(?i)\\b(?:functions?|methods?|programs?|scripts?|cod(?:e|ing)|snippets?|quer(?:y|ies)|",
       "regex\\w*|commands?|class(?:es)?|cli|sql|bash|python|loops?|log(?:s|ger)?|parsers?|tests?|",
       "apis?|endpoints?|macros?|formulas?|apps?|bots?|tools?|files?|users?|stdin|stdout)\\b",
       "|(?:^|[.?!:;\\n])[\\s*_#-]*(?:(?:please|can you|could you) )*(?:fix|build|implement|make|",
       "create|add|change|update|modify|debug|develop|design|(?:re)?write (?:(?:me|us) )?",
       "(?:a|an|the|my|our|your|this|that|these|some)) "});
  return Finds(kProgram, text);
}

std::optional<ContractKind> DemandOf(std::string_view whole) {
  // A long text is something to work on; the demand stands before or after it.
  constexpr std::size_t kEdge = 1000;
  std::string text(whole);
  if (whole.size() > 2 * kEdge) {
    text.erase(kEdge).append("\n").append(whole.substr(whole.size() - kEdge));
  }
  text = WithoutQuotes(text);
  if (IsAboutWords(text)) return std::nullopt;
  const bool is_about_programs = IsAboutPrograms(text);
  std::optional<ContractKind> found;
  for (const ClosedDemand& demand : Demands()) {
    if (demand.may_be_of_a_program && is_about_programs) continue;
    re2::StringPiece match[3];
    if (!demand.pattern.Match(text, 0, text.size(), RE2::UNANCHORED, match, 3)) continue;
    const auto begin = static_cast<std::size_t>(match[0].data() - text.data());
    // With the mark that ends the sentence before.
    if (AsksForMore(text.substr(0, begin + 1), match[1].as_string(), match[2].as_string()) ||
        (found && *found != demand.kind)) {
      return std::nullopt;
    }
    found = demand.kind;
  }
  if (found && HasSeveralItems(text, *found == ContractKind::kClosedLetter)) return std::nullopt;
  return found;
}

}  // namespace

std::optional<ContractKind> FindClosedDemand(const ChatRequest& request) {
  if (const auto found = DemandOf(LastQuestion(request))) return found;
  // Long instructions are an agent's: there, a closed answer is one case of many.
  constexpr std::size_t kLongest = 2000;
  for (const std::string& text : Instructions(request)) {
    if (text.size() > kLongest || HasSections(text)) continue;
    if (const auto found = DemandOf(text)) return found;
  }
  return std::nullopt;
}

}  // namespace mom
