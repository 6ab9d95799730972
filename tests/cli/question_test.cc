#include "clients/cli/question.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/temporary_folder.h"

namespace mom::cli {
namespace {

using ::testing::HasSubstr;

class QuestionTest : public ::testing::Test {
 protected:
  static std::string Mistake(const StatusOr<std::string>& question) {
    EXPECT_EQ(question.status().code(), StatusCode::kInvalidArgument);
    return MessageOf(question.status());
  }

  mom::testing::TemporaryFolder folder_;
};

TEST_F(QuestionTest, WordsAreOneLine) {
  EXPECT_EQ(*ReadQuestion({"Why", "so?"}, {}, ""), "Why so?");
}

TEST_F(QuestionTest, PartsStandInOrderWithAnEmptyLineBetween) {
  const std::string first = folder_.Write("1", "  one\n\n");
  const std::string second = folder_.Write("2", "two\r\n");
  EXPECT_EQ(*ReadQuestion({"Compare:"}, {first, second}, folder_.Write("in", "\nthree\n")),
            "Compare:\n\n  one\n\ntwo\n\n\nthree");
  EXPECT_EQ(*ReadQuestion({}, {second}, folder_.Write("in", "")), "two");
  EXPECT_EQ(*ReadQuestion({}, {}, folder_.Write("in", "piped\n")), "piped");
}

TEST_F(QuestionTest, ThereMustBeOne) {
  for (const std::string blank : {"", "\n", " \t\n \n"}) {
    EXPECT_THAT(Mistake(ReadQuestion({}, {}, folder_.Write("in", blank))),
                HasSubstr("no question"));
  }
  EXPECT_THAT(Mistake(ReadQuestion({" "}, {}, "")), HasSubstr("no question"));
}

TEST_F(QuestionTest, AMistakeNamesThePart) {
  const std::string missing = folder_ / "none";
  EXPECT_EQ(Mistake(ReadQuestion({}, {missing}, "")),
            "--file " + missing + " cannot be read: No such file or directory");
  EXPECT_THAT(Mistake(ReadQuestion({}, {folder_.path()}, "")), HasSubstr("Is a directory"));
  const std::string bytes = folder_.Write("bytes", "\xFF\xFE");
  EXPECT_EQ(Mistake(ReadQuestion({}, {bytes}, "")), "--file " + bytes + " is not text in UTF-8");
  EXPECT_EQ(Mistake(ReadQuestion({"\xFF"}, {}, "")), "the question is not text in UTF-8");
  EXPECT_EQ(Mistake(ReadQuestion({"a"}, {}, bytes)), "standard input is not text in UTF-8");
}

}  // namespace
}  // namespace mom::cli
