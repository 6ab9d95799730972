#include "service/engine/answer_guard.h"

#include <gtest/gtest.h>

#include <string>

#include "service/base/utf8.h"

namespace mom {
namespace {

constexpr char kNonce[] = "0123456789abcdef0123456789abcdef";

std::shared_ptr<const ChatRequest> Asked(const std::string& question) {
  auto chat = std::make_shared<ChatRequest>();
  Message message;
  TextPart part;
  part.text = question;
  message.content.emplace_back(part);
  chat->messages.push_back(message);
  return chat;
}

AnswerGuard GuardOf(const std::string& question) { return AnswerGuard(kNonce, Asked(question)); }

std::optional<std::string> RejectWhole(const AnswerGuard& guard, const std::string& text) {
  Completion answer;
  answer.text = text;
  answer.finish_reason = FinishReason::kStop;
  return guard.RejectWhole(answer);
}

struct Opening {
  const char* text;
  const char* question = "Where is Paris?";
};

constexpr Opening kProcessTalk[] = {
    {"Response 2 is the best: Paris"},
    {"{\"consensus\": [\"It is Paris.\"], \"conflicts\": []}"},
    {"```json\n{\"consensus\":[]}\n```"},
    {"```json\n{\n  \"consensus\": []\n}\n```"},
    {"Draft A is right."},
    {"**Candidate A** says so."},
    {"Drafts A and C agree."},
    {"The draft B is wrong."},
    {"Both drafts say Paris."},
    {"Both of the drafts are right."},
    {"All drafts agree that it is Paris."},
    {"All of the drafts agree."},
    {"These drafts differ."},
    {"The drafts disagree about the year."},
    {"The drafts all say Paris."},
    {"Based on the drafts above, Paris."},
    {"Based on the provided answers, Paris."},
    {"Based on the candidate answers above, it is Paris."},
    {"Based on all the responses, it is Paris."},
    {"Based on these drafts: Paris."},
    {"> Based on the responses provided, Paris."},
    {"Combining the drafts, one gets Paris."},
    {"Comparing both drafts, A is right."},
    {"Synthesizing the drafts: Paris."},
    {"Looking at the drafts, Paris it is."},
    {"Looking at all the candidates, I choose Paris."},
    {"After reviewing the drafts, Paris."},
    {"Having reviewed all drafts, Paris."},
    {"Having compared the candidates: Paris."},
    {"After comparing all of the answers, I say Paris."},
    {"# Draft C\n\nParis."},
    {"[Draft A] Paris."},
    {"Assistant A has it right."},
    {"Only draft B has the year."},
    {"Candidate answer B is right."},
    {"Response #1 is right."},
};

constexpr Opening kInnocent[] = {
    {"Paris is in France."},
    {"{\"city\": \"Paris\"}"},
    {"The HTTP responses are cached."},
    {"The candidates for mayor are Ann and Bob."},
    {"The answer a developer needs is 42."},
    {"Response times vary by region."},
    {"The response of the server is 200."},
    {"Responses are JSON."},
    {"The drafts folder of Gmail is on the left."},
    {"Draft a letter first, then send it."},
    {"Drafting takes time."},
    {"Draft C-suite talking points: growth."},
    {"Steps:\n1. Collect.\n2. Draft A/B test hypotheses.\n"},
    {"Candidate keys identify a row."},
    {"A candidate needs 5 signatures."},
    {"Both sides are equal."},
    {"All answers are in the back of the book."},
    {"All responses have a header."},
    {"These candidates run for mayor."},
    {"Based on the candidate's record, she wins."},
    {"Based on the answers you gave, you are fit."},
    {"Based on your description, the bug is in line 3."},
    {"Based on the log, the disk is full."},
    {"Comparing the two files shows one change."},
    {"Looking at the responses from your server, there is no header."},
    {"Looking at the code, it is a race."},
    {"After reviewing the code, I see no bug."},
    {"Combining the ingredients takes a minute."},
    {"Synthesizing insulin takes bacteria."},
    {"Assistant professors teach."},
    {"Unfortunately, Paris has no sea."},
    {"Sorry for the confusion: it is Paris."},
    {"I can't help but notice that line 3 is wrong."},
    {"No, I can't. Bats can."},
    {"You can't divide by zero."},
    {"Models often say \"I can't help with that\"."},
    // What the conversation itself speaks of.
    {"Draft A is the better one.", "Here are draft A and draft B of my letter. Which is better?"},
    {"Both drafts are good.", "Which of my two drafts is better?"},
    {"Response 2 is more polite.", "Response 1: no. Response 2: no, thanks. Which one?"},
    {"Based on the answers above, you are an introvert.", "My answers: yes, no, yes. Am I?"},
    {"{\"consensus\": true}", "Give me JSON with the key consensus."},
    {"I would send draft B.", "Shall I send draft A or Draft B?"},
};

constexpr const char* kRefusals[] = {
    "I can't help with that.",
    "I can\xe2\x80\x99t help with that.",
    "I cannot assist with this request.",
    "I'm sorry, but I can't help with that.",
    "I'm sorry, I cannot help you with that.",
    "I am unable to help with this.",
    "I'm not able to provide that information.",
    "Unfortunately, I can't provide instructions for this.",
    "Sorry, but I will not be able to assist with that.",
    "I must respectfully decline.",
    "As an AI language model, I cannot comply.",
    "I won't write that content.",
    "I'm sorry, but I can't provide assistance with that request.",
    "I cannot provide guidance on this.",
    "I can't help you do that.",
    "Sorry, I can't do that.",
    "I can't share that.",
    "I can't engage in that.",
    "I can't help create malware.",
    "I cannot provide you with instructions for this.",
};

TEST(AnswerGuard, KnowsProcessTalkAtTheStart) {
  static_assert(std::size(kProcessTalk) + std::size(kInnocent) + std::size(kRefusals) >= 80);
  for (const Opening& opening : kProcessTalk) {
    EXPECT_EQ(GuardOf(opening.question).RejectStart(opening.text), "process_talk") << opening.text;
    EXPECT_EQ(RejectWhole(GuardOf(opening.question), opening.text), "process_talk") << opening.text;
  }
}

TEST(AnswerGuard, LetsAnswersPassThatOnlyBeginAlike) {
  for (const Opening& opening : kInnocent) {
    EXPECT_EQ(RejectWhole(GuardOf(opening.question), opening.text), std::nullopt) << opening.text;
    EXPECT_EQ(GuardOf(opening.question).RejectStart(opening.text), std::nullopt) << opening.text;
  }
}

TEST(AnswerGuard, KnowsRefusalsOnceTheyAreWhole) {
  for (const char* text : kRefusals) {
    EXPECT_EQ(RejectWhole(GuardOf("question"), text), "refused") << text;
    EXPECT_EQ(GuardOf("question").RejectStart(text), std::nullopt) << text;
    EXPECT_EQ(GuardOf("question").DoubtOf(text), AnswerGuard::Doubt::kRefusal) << text;
    const std::string long_text = text + std::string(600, 'x');
    EXPECT_EQ(RejectWhole(GuardOf("question"), long_text), std::nullopt) << "it goes on to answer";
  }
}

// Else a stream of tokens would let the start go before it can be told.
TEST(AnswerGuard, IsInDoubtAboutEveryStartOfWhatItRejects) {
  const AnswerGuard guard = GuardOf("Where is Paris?");
  const auto check = [&](const std::string& text) {
    for (std::size_t size = 1; size < text.size(); ++size) {
      const std::string start = text.substr(0, size);
      if (!IsValidUtf8(start)) continue;  // no piece ends within a character
      if (guard.RejectStart(start)) return;
      EXPECT_NE(guard.DoubtOf(start), AnswerGuard::Doubt::kNone) << text << ": " << start;
    }
  };
  for (const Opening& opening : kProcessTalk) check(opening.text);
  for (const char* text : kRefusals) {
    if (std::string(text).starts_with("I")) check(text);
  }
}

TEST(AnswerGuard, IsInNoDoubtAboutMostAnswers) {
  for (const char* start : {"Paris", "In France", "The capital", "Here is", "Yes", "```python",
                            "1.", "Response times", "Candidate keys"}) {
    EXPECT_EQ(GuardOf("question").DoubtOf(start), AnswerGuard::Doubt::kNone) << start;
  }
}

TEST(AnswerGuard, ALabelAnywhereInAWholeAnswerIsProcessTalk) {
  EXPECT_EQ(RejectWhole(GuardOf("question"), "Paris (draft B has it wrong)."), "process_talk");
  EXPECT_EQ(RejectWhole(GuardOf("My draft B?"), "Paris (draft B has it wrong)."), std::nullopt);
  EXPECT_EQ(RejectWhole(GuardOf("question"), "Paris. Response 2 said so."), std::nullopt);
}

TEST(AnswerGuard, KnowsTheFenceByAnyPieceOfIt) {
  const AnswerGuard guard = GuardOf("question");
  EXPECT_EQ(guard.RejectStart("</draft A " + std::string(kNonce) + ">"), "fence");
  EXPECT_EQ(guard.RejectStart("The number is 456789ab, as it stands."), "fence");
  EXPECT_EQ(guard.RejectStart("<draft A>\nParis.\n</draft A>"), "fence");
  EXPECT_EQ(guard.RejectStart("</draft B 77777777"), "fence") << "a forged one";
  EXPECT_EQ(guard.RejectStart("The number is 456789a, as it stands."), std::nullopt);
}

TEST(AnswerGuard, HoldsBackWhatMayBeginAFence) {
  const AnswerGuard guard = GuardOf("question");
  const std::pair<const char*, std::size_t> cases[] = {
      {"Paris", 0},           {"a < b", 0},          {"Paris <", 1},     {"x</dra", 5},
      {"<draft A 0123", 13},  {"<draft A x", 0},     {"<div>", 0},       {"</analysis 01", 13},
      {"the number 0123", 4}, {"the number 012", 0}, {"<draft ABC ", 0}, {"<draft", 6}};
  for (const auto& [text, held] : cases) EXPECT_EQ(guard.MayBeginFence(text), held) << text;
}

}  // namespace
}  // namespace mom
