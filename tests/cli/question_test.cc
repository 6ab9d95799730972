#include "clients/cli/question.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace mom::cli {
namespace {

using ::testing::HasSubstr;

class QuestionTest : public ::testing::Test {
 protected:
  QuestionTest() {
    std::string name = ::testing::TempDir() + "question.XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~QuestionTest() override { std::filesystem::remove_all(folder_); }

  std::string File(const std::string& name, const std::string& content) {
    std::string path = folder_ / name;
    std::ofstream(path) << content;
    return path;
  }

  static std::string Mistake(const StatusOr<std::string>& question) {
    EXPECT_EQ(question.status().code(), StatusCode::kInvalidArgument);
    return MessageOf(question.status());
  }

  std::filesystem::path folder_;
};

TEST_F(QuestionTest, WordsAreOneLine) {
  EXPECT_EQ(*ReadQuestion({"Why", "so?"}, {}, ""), "Why so?");
}

TEST_F(QuestionTest, PartsStandInOrderWithAnEmptyLineBetween) {
  const std::string first = File("1", "  one\n\n");
  const std::string second = File("2", "two\r\n");
  EXPECT_EQ(*ReadQuestion({"Compare:"}, {first, second}, File("in", "\nthree\n")),
            "Compare:\n\n  one\n\ntwo\n\n\nthree");
  EXPECT_EQ(*ReadQuestion({}, {second}, File("in", "")), "two");
  EXPECT_EQ(*ReadQuestion({}, {}, File("in", "piped\n")), "piped");
}

TEST_F(QuestionTest, ThereMustBeOne) {
  for (const std::string blank : {"", "\n", " \t\n \n"}) {
    EXPECT_THAT(Mistake(ReadQuestion({}, {}, File("in", blank))), HasSubstr("no question"));
  }
  EXPECT_THAT(Mistake(ReadQuestion({" "}, {}, "")), HasSubstr("no question"));
}

TEST_F(QuestionTest, AMistakeNamesThePart) {
  const std::string missing = (folder_ / "none").string();
  EXPECT_EQ(Mistake(ReadQuestion({}, {missing}, "")),
            "--file " + missing + " cannot be read: No such file or directory");
  EXPECT_THAT(Mistake(ReadQuestion({}, {folder_.string()}, "")), HasSubstr("Is a directory"));
  const std::string bytes = File("bytes", "\xFF\xFE");
  EXPECT_EQ(Mistake(ReadQuestion({}, {bytes}, "")), "--file " + bytes + " is not text in UTF-8");
  EXPECT_EQ(Mistake(ReadQuestion({"\xFF"}, {}, "")), "the question is not text in UTF-8");
  EXPECT_EQ(Mistake(ReadQuestion({"a"}, {}, bytes)), "standard input is not text in UTF-8");
}

}  // namespace
}  // namespace mom::cli
