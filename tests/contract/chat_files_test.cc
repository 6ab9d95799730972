#include "service/contract/chat_files.h"

#include <gtest/gtest.h>

#include "service/contract/file_name.h"
#include "tests/contract/contract_testing.h"

namespace mom {
namespace {

using testing::Says;

std::string TextOf(const ChatFile& file) { return FileDraft(file.text).Text(); }

TEST(ChatFiles, AreFoundInTheirMessage) {
  const testing::Files files = {{"a.py", "a\n"},
                                {"b c.py", "last line without a break"},
                                {"empty.py", ""},
                                {"z.md", "x\n\n"}};
  ChatRequest request;
  request.messages = {Says(Role::kSystem, "Act."), Says(Role::kUser, testing::FilesMessage(files)),
                      Says(Role::kAssistant, "Ok."), Says(Role::kUser, "Do it.")};
  const ChatFiles found = FindChatFiles(request);
  ASSERT_EQ(found.files.size(), files.size());
  for (const ChatFile& file : found.files) {
    EXPECT_EQ(TextOf(file), files.at(file.path));
    EXPECT_FALSE(file.read_only);
  }
  EXPECT_EQ(found.fence.open, "```");
}

TEST(ChatFiles, AreFoundInEveryFence) {
  const testing::Files files = {{"a.md", "```\n<b>x```\n````y\n"}};
  ChatRequest request;
  request.messages = {Says(Role::kUser, "")};
  std::get<TextPart>(request.messages[0].content[0]).text =
      "I have *added these files to the chat* so you "
      "can.\n\na.md\n<source>\n```\n````y\n</source>\n";
  const ChatFiles found = FindChatFiles(request);
  ASSERT_EQ(found.files.size(), 1U);
  EXPECT_EQ(TextOf(found.files[0]), "```\n````y\n");
  EXPECT_EQ(found.fence.close, "</source>");
}

TEST(ChatFiles, MayEndALineWithAFence) {
  const testing::Files files = {{"a.py", "x = '```\ny\n"}, {"b.py", "z = '```"}};
  ChatRequest request;
  request.messages = {Says(Role::kUser, testing::FilesMessage(files))};
  const ChatFiles found = FindChatFiles(request);
  ASSERT_EQ(found.files.size(), 2U);
  EXPECT_EQ(TextOf(found.files[0]), "x = '```\ny\n");
  EXPECT_EQ(TextOf(found.files[1]), "z = '```");
}

TEST(ChatFiles, ThatAreReadOnlyAreMarked) {
  ChatRequest request;
  request.messages = {
      Says(Role::kUser, testing::FilesMessage({{"r.py", "r\n"}}, "```",
                                              "Here are some READ ONLY files, provided for your "
                                              "reference.\nDo not edit these files!\n")),
      Says(Role::kUser, testing::FilesMessage({{"old.py", "o\n"}})),
      Says(Role::kUser, testing::FilesMessage({{"a.py", "a\n"}}))};
  const ChatFiles found = FindChatFiles(request);
  ASSERT_EQ(found.files.size(), 2U) << "of the added ones, the last message's count";
  EXPECT_EQ(found.files[0].path, "a.py");
  EXPECT_EQ(found.files[1].path, "r.py");
  EXPECT_TRUE(found.files[1].read_only);
}

TEST(ChatFiles, AreNotWhatAUserOnlyMentions) {
  ChatRequest request;
  request.messages = {Says(Role::kUser, "See:\n\na.py\n```\na\n```\n"),
                      Says(Role::kAssistant, testing::FilesMessage({{"b.py", "b\n"}}))};
  EXPECT_TRUE(FindChatFiles(request).files.empty());
}

TEST(FileName, LikenessIsPythons) {
  // As difflib.SequenceMatcher(None, a, b).ratio() has it.
  EXPECT_DOUBLE_EQ(NameLikeness("main.py", "mian.py"), 12.0 / 14);
  EXPECT_DOUBLE_EQ(NameLikeness("abcd", "bcde"), 6.0 / 8);
  EXPECT_DOUBLE_EQ(NameLikeness("gr\xc3\xb6\xc3\x9f"
                                "e",
                                "grosse"),
                   6.0 / 11);
  EXPECT_DOUBLE_EQ(NameLikeness("", ""), 1);
  const std::vector<std::string> known = {"app/main.py", "app/mains.py", "lib/z.py"};
  EXPECT_EQ(*CloseName("app/mian.py", known), "app/main.py");
  EXPECT_EQ(CloseName("other.c", known), nullptr);
}

TEST(FileName, OfANewFileLooksLikeAPath) {
  for (const char* path : {"a.py", "Makefile", "new/dir/x", "my notes.txt", ".env", "a/../b.py"}) {
    EXPECT_TRUE(IsPlausiblePath(path)) << path;
  }
  for (const char* path : {"", "/etc/passwd", "../x.py", "a/../../x", "Here is the code", "a\tb",
                           "`a.py`", "dir/", "what now?"}) {
    EXPECT_FALSE(IsPlausiblePath(path)) << path;
  }
}

TEST(FileName, ThatIsToldIsAPathAndShort) {
  EXPECT_EQ(ShownPath("app/a.py"), "app/a.py");
  EXPECT_EQ(ShownPath("Here is the code"), "what names no file");
  const std::string folders(200, 'a');
  EXPECT_EQ(ShownPath(folders + "/" + folders + ".py"), "..." + std::string(97, 'a') + ".py");
}

}  // namespace
}  // namespace mom
