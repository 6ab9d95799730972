// What a request's contract is found by, beside aider's instructions (contract_test.cc has those).
// tests/contracts/detection has real clients' requests, and what only looks like them.
#include <gtest/gtest.h>

#include "service/contract/contract.h"
#include "service/contract/side_call.h"
#include "tests/contract/contract_testing.h"

namespace mom {
namespace {

using testing::Asks;
using testing::KindOf;
using testing::Says;

ContractKind KindOf(const std::string& question) {
  return testing::KindOf({Says(Role::kUser, question)});
}

TEST(DetectClosed, KnowsExplicitDemands) {
  const std::pair<const char*, ContractKind> demands[] = {
      {"What is 6 * 7? Answer with only a number.", ContractKind::kClosedNumber},
      {"What is 6 * 7?\nReply with just the number, no explanation.", ContractKind::kClosedNumber},
      {"How many? Respond with a single integer.", ContractKind::kClosedNumber},
      {"How many? Respond with only an integer and nothing else.", ContractKind::kClosedNumber},
      {"How many? Your answer must be a single number.", ContractKind::kClosedNumber},
      {"Which?\nA) x\nB) y\n\nAnswer with a single letter (A or B).", ContractKind::kClosedLetter},
      {"Which? Answer with only the letter of the right option.", ContractKind::kClosedLetter},
      {"Which?\nPlease answer with A, B, C or D.", ContractKind::kClosedLetter},
      {"Is it? Reply yes or no", ContractKind::kClosedYesNo},
      {"Is it? Answer with \"yes\" or \"no\" only.", ContractKind::kClosedYesNo},
      {"Is it? Answer only true or false, without any explanation.", ContractKind::kClosedYesNo},
      {"Answer yes or no: is it raining?", ContractKind::kClosedYesNo},
      {"What is 2 + 2? Only output the number.", ContractKind::kClosedNumber},
      {"What is 2 + 2? Output only the number.", ContractKind::kClosedNumber},
      {"How many r are in strawberry? Give only the final number.", ContractKind::kClosedNumber},
      {"How many r are in strawberry?\nJust the number please.", ContractKind::kClosedNumber},
      {"Just give me the number: what is 2 + 2?", ContractKind::kClosedNumber},
      {"How many? Output only an integer", ContractKind::kClosedNumber},
      {"Reply with a number only: 6*7?", ContractKind::kClosedNumber},
      {"Which?\nA) x\nB) y\nAnswer with the letter only.", ContractKind::kClosedLetter},
      {"How many? Return only the number, no explanation.", ContractKind::kClosedNumber},
      {"Which is a fruit?\nA) x\nB) y\nAnswer with the letter of the correct option.",
       ContractKind::kClosedLetter},
      {"Which?\nA) x\nB) y\nGive me just the letter.", ContractKind::kClosedLetter},
      {"Which?\nA) x\nB) y\nOutput only the letter of the right answer.",
       ContractKind::kClosedLetter},
      {"Is it? Only say yes or no.", ContractKind::kClosedYesNo},
      {"Is 7 a prime? Just yes or no, please.", ContractKind::kClosedYesNo},
      {"Is 7 a prime? Reply yes or no. Give no explanation.", ContractKind::kClosedYesNo},
      {"Is 7 a prime? Reply yes or no. Write only the word.", ContractKind::kClosedYesNo},
      {"How many? Output only the number. Write it in digits.", ContractKind::kClosedNumber},
  };
  for (const auto& [question, kind] : demands) {
    EXPECT_EQ(KindOf(question), kind) << question;
    EXPECT_EQ(KindOf({Says(Role::kSystem, question), Says(Role::kUser, "Well?")}), kind)
        << question;
    EXPECT_EQ(KindOf(question + std::string(" Then explain why.")), ContractKind::kNone)
        << question;
    EXPECT_EQ(KindOf("Improve this prompt:\n" + std::string(question)), ContractKind::kNone);
    EXPECT_EQ(KindOf("> " + std::string(question) + "\n\nWhat is that?") == ContractKind::kNone,
              std::string_view(question).find('\n') == std::string_view::npos)
        << question;
  }
}

TEST(DetectClosed, IsNotMisled) {
  for (const char* question : {
           "Should I answer yes or no?",
           "Answer yes or no and explain.",
           "Answer yes or no, with a reason.",
           "Explain the theorem. Answer with only a number.",
           "Think step by step. Answer with only a number.",
           "Reply yes or no if you are sure.",
           "When asked, answer with only a number.",
           "They told me to reply with only a number.",
           "\"Answer with only a number.\" is what it says",
           "Give me a number.",
           "Write a function for it. Return only an integer.",
           "Write a letter to my landlord.",
           "Write one letter to my landlord.",
           "Print yes or no for each line.",
           "```\nAnswer with only a number.\n```",
           "Is it yes or no?",
           "Output only the number of rows and a short explanation.",
           "Just the number of files that fail matters to me; explain why.",
           "What is 2 + 2? Give me just the number and your reasoning.",
           "What is 2 + 2? Only output the number. Then explain it.",
           "Explain the sum. Only output the number.",
           "Just the number?",
           "Fix my logger. Only print the number.",
           "Write our cache in Go. Only output the number.",
           "Print only the number. The function should do that.",
           "Output only the numbers greater than ten.",
           "Say yes or no to my offer.",
           "Summarize: The teacher said: Answer only yes or no. The children laughed.",
           "She replied: Just yes or no. What did she want?",
           "Answer with a number of reasons only if you have some.",
           "Just yes or no would do, but I like to know why.",
           "Which is right? Answer with the letter of the correct option and its text.",
           "Write only the letter to my landlord.",
           "Answer these: 1) 2+2 2) 3+3 Answer with only a number.",
           "Answer true or false:\na) it rains\nb) it snows",
           "Are you coming? Reply yes or no. Tom\n\nWhat should I tell Tom?",
           "Create a survey question about cats. Respond yes or no.",
           "For yes/no questions: answer yes or no.",
           "Quiz mode: answer with just the letter. Chat mode: talk freely.",
           "Is 91 prime? Answer yes or no. List its factors.",
           "Answer yes or no: is Python typed? And write me a report on it.",
           "Is it so? Answer yes or no. Give two sources.",
           "Reply yes or no. Fix it where not.",
           "Is that right? Reply yes or no. Correct it.",
           "Answer true or false: it rains. Cite a source.",
           "How much is it? Just the number. Show how you got it in a table.",
           "Show the derivation. The last line: answer with only a number.",
       }) {
    EXPECT_EQ(KindOf(question), ContractKind::kNone) << question;
  }
  const char* sections = "## Polls\nReply yes or no.\n\n## Stories\nWrite at length.";
  EXPECT_EQ(KindOf({Says(Role::kSystem, sections), Says(Role::kUser, "Tell me one.")}),
            ContractKind::kNone);
  EXPECT_EQ(KindOf({Says(Role::kUser, "Reply yes or no."), Says(Role::kAssistant, "Yes"),
                    Says(Role::kUser, "Thanks. What else?")}),
            ContractKind::kNone)
      << "only the last question counts";
  ChatRequest request = Asks({Says(Role::kUser, "Reply yes or no.")});
  request.tools.emplace_back();
  EXPECT_EQ(Detect(request).kind, ContractKind::kNone) << "it may call a tool";
  request.tool_choice.emplace().mode = ToolChoice::Mode::kNone;
  EXPECT_EQ(Detect(request).kind, ContractKind::kClosedYesNo) << "it may not";
}

TEST(DetectFencedFile, NeedsAllOfTheDemand) {
  const std::string demand =
      "Return the complete updated file in a single code block and nothing else.";
  EXPECT_EQ(KindOf("Fix it.\n" + demand), ContractKind::kFencedFile);
  EXPECT_EQ(KindOf({Says(Role::kSystem, demand), Says(Role::kUser, "Fix it.")}),
            ContractKind::kFencedFile);
  EXPECT_EQ(KindOf("Return the complete file in a single code block."), ContractKind::kNone);
  EXPECT_EQ(KindOf("Return the changed lines in a code block and nothing else."),
            ContractKind::kNone);
  EXPECT_EQ(KindOf("> " + demand), ContractKind::kNone);
}

const std::string kXmlPrompt =
    "You are an engineer.\n\n# Tool Use Formatting\n\nTool uses are formatted using XML-style "
    "tags. "
    "The name is the tag.\n\n# Tools\n\n## read_file\nDescription: Reads.\nParameters:\n- path: "
    "(required) The path\nUsage:\n<read_file>\n<path>x</path>\n</read_file>\n\n## new_task\n"
    "Description: Begins.\n\nParameters:\n- Context: (required) All.\n- mode: (optional) One.\n"
    "Usage:\n<new_task>\n<context>x</context>\n</new_task>\n\n# Rules\n\n## Not a tool\n- x: "
    "(required) no\n";

TEST(DetectXmlTools, WithoutAnyThereIsNoFormWhoeverNamesIt) {
  const ContractChoice named{ContractKind::kClineXml};
  EXPECT_EQ(Detect(Asks({Says(Role::kUser, "Hi.")}), named).kind, ContractKind::kNone);
  const ChatRequest declared = Asks({Says(Role::kSystem, kXmlPrompt), Says(Role::kUser, "Do it.")});
  EXPECT_EQ(Detect(declared, named).kind, ContractKind::kClineXml);
}

TEST(DetectXmlTools, ReadsWhatIsDeclared) {
  ChatRequest request = Asks({Says(Role::kSystem, kXmlPrompt), Says(Role::kUser, "Do it.")});
  const Contract contract = Detect(request);
  EXPECT_EQ(contract.kind, ContractKind::kClineXml);
  ASSERT_EQ(contract.xml_tools.size(), 2U);
  EXPECT_EQ(contract.xml_tools[0].name, "read_file");
  ASSERT_EQ(contract.xml_tools[1].parameters.size(), 2U);
  EXPECT_EQ(contract.xml_tools[1].parameters[0].name, "context");
  EXPECT_TRUE(contract.xml_tools[1].parameters[0].required);
  EXPECT_FALSE(contract.xml_tools[1].parameters[1].required);

  EXPECT_EQ(KindOf(kXmlPrompt), ContractKind::kNone) << "somebody shows it";
  request.tools.emplace_back();
  EXPECT_EQ(Detect(request).kind, ContractKind::kNone) << "newer versions";
}

TEST(CheckXmlTools, ReadsAnswersAsTheClientsDo) {
  const Contract contract =
      Detect(Asks({Says(Role::kSystem, kXmlPrompt), Says(Role::kUser, "Do it.")}));
  const auto check = [&](const std::string& text) {
    Completion answer;
    answer.text = text;
    return Check(contract, answer);
  };
  const std::string use = "<read_file>\n<path>a.py</path>\n</read_file>";
  EXPECT_EQ(check("I read it.\n\n" + use).score, 1);
  EXPECT_EQ(check("<thinking>x < y</thinking>\n" + use + "\n").score, 1);
  EXPECT_EQ(check("<new_task><context>Show <read_file> tags</context></new_task>").score, 1);
  EXPECT_EQ(check(use + use).score, 0.6);
  EXPECT_TRUE(check(use + use).usable);
  EXPECT_EQ(check("Shall I read it?").why, "it uses none of the tools");
  EXPECT_EQ(check("<write_file><path>a</path></write_file>").why, "it uses none of the tools");
  EXPECT_EQ(check("<read_file><path>a</path>").why, "read_file: its tag is not closed");
  EXPECT_EQ(check("<read_file><path>a</read_file>").why, "read_file: its tag is not closed");
  EXPECT_EQ(check("<read_file></read_file>").why, "read_file: the parameter path is missing");
  EXPECT_EQ(check("<new_task><context> </context></new_task>").why,
            "new_task: the parameter context is missing");
  EXPECT_FALSE(check("<read_file></read_file>").usable);
}

TEST(CheckFencedFile, WantsOneWholeBlock) {
  Contract contract;
  contract.kind = ContractKind::kFencedFile;
  const auto check = [&](const std::string& text) {
    Completion answer;
    answer.text = text;
    return Check(contract, answer);
  };
  EXPECT_EQ(check("```python\nx = 1\n```\n").score, 1);
  EXPECT_EQ(check("````md\n```\nx\n```\n````").score, 1);
  EXPECT_EQ(check("Here:\n```\nx\n```").score, 0.7);
  EXPECT_EQ(check("x = 1").why, "there is no code block");
  EXPECT_EQ(check("```\nx = 1").why, "the code block is not closed");
  EXPECT_EQ(check("```\n\n```").why, "the code block is empty");
  EXPECT_EQ(check("```\nx\n```\n```\ny\n```").why, "there is more than one code block");
  EXPECT_EQ(check("```\n# ... rest of the code ...\n```").why, "lines are left out with `...`");
  EXPECT_FALSE(check("```\n<<<<<<< HEAD\n```").usable);
}

TEST(DetectTurns, NeedsFilesAndTwoAnswersOfTheFormat) {
  const Message system = Says(Role::kSystem, "You write code as our house does.");
  const Message files = Says(Role::kUser, testing::FilesMessage({{"a.py", "a = 1\n"}}));
  const Message ok = Says(Role::kAssistant, "Ok, any changes I propose will be to those files.");
  const Message ask = Says(Role::kUser, "Change it.");
  const std::string block = "<<<<<<< SEARCH\na = 1\n=======\na = 2\n>>>>>>> REPLACE\n```\n";
  const Message diff = Says(Role::kAssistant, "So:\n\na.py\n```python\n" + block);
  const Message fenced = Says(Role::kAssistant, "```python\na.py\n" + block);
  const Message prose = Says(Role::kAssistant, "Which one?");

  EXPECT_EQ(KindOf({system, ask, diff, ask, diff, files, ok, ask}), ContractKind::kDiff);
  EXPECT_EQ(KindOf({system, ask, fenced, ask, fenced, files, ok, ask}), ContractKind::kDiffFenced);
  EXPECT_EQ(KindOf({system, ask, diff, files, ok, ask}), ContractKind::kNone) << "one only";
  EXPECT_EQ(KindOf({system, ask, diff, ask, diff, ask, prose, files, ok, ask}), ContractKind::kNone)
      << "it may be about something else now";
  EXPECT_EQ(KindOf({system, ask, diff, ask, diff, ask}), ContractKind::kNone) << "no files";
  EXPECT_EQ(KindOf({Says(Role::kSystem, "Act as an expert code analyst."), ask, diff, ask, diff,
                    files, ok, ask}),
            ContractKind::kNone)
      << "/ask";
}

TEST(DetectChosen, IsWhatIsChosen) {
  const ChatRequest request =
      Asks({Says(Role::kUser, testing::FilesMessage({{"a.py", "a = 1\n"}})),
            Says(Role::kAssistant, "Ok."), Says(Role::kUser, "Reply yes or no.")});
  EXPECT_EQ(Detect(request).kind, ContractKind::kClosedYesNo);
  EXPECT_EQ(Detect(request, {ContractKind::kNone}).kind, ContractKind::kNone);
  const Contract whole = Detect(request, {ContractKind::kWhole});
  EXPECT_EQ(whole.kind, ContractKind::kWhole);
  EXPECT_EQ(whole.files.files.size(), 1U);
}

TEST(DetectSideCall, NeedsTheWholeFingerprint) {
  const std::string title =
      "You are a title generator. You output ONLY a thread title. Nothing "
      "else.\n\n<task>\nGenerate a "
      "brief title that would help the user find this conversation later.\n";
  EXPECT_EQ(DetectSideCall(Asks({Says(Role::kSystem, title), Says(Role::kUser, "Hello")})),
            "opencode title");
  EXPECT_EQ(DetectSideCall(Asks({Says(Role::kUser, title)})), std::nullopt);
  EXPECT_EQ(DetectSideCall(Asks({Says(Role::kSystem, "So: " + title)})), std::nullopt);
  ChatRequest with_tools = Asks({Says(Role::kSystem, title), Says(Role::kUser, "Hello")});
  with_tools.tools.emplace_back();
  EXPECT_EQ(DetectSideCall(with_tools), std::nullopt);
  const std::string tags =
      "### Task:\nGenerate a concise title summarizing the chat history.\n### Guidelines:\n- x\n"
      "### Chat History:\n<chat_history>\nUSER: hi\n</chat_history>";
  EXPECT_EQ(DetectSideCall(Asks({Says(Role::kUser, tags)})), "open-webui title");
  EXPECT_EQ(DetectSideCall(Asks({Says(Role::kUser, tags + "\nWhat is this?")})), std::nullopt);
}

}  // namespace
}  // namespace mom
