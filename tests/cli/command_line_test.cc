#include "clients/cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mom::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CommandLineTest : public ::testing::Test {
 protected:
  CommandLineTest() : line_("try", "[WORD...]", "Tries.") {
    line_.AddSwitch("--fast", "at once", [this] { fast_ = true; });
    line_.AddValue("--file", "FILE", "read this",
                   [this](std::string value) { files_.push_back(std::move(value)); });
  }

  std::string Mistake(const std::vector<std::string>& args) {
    const Status status = line_.Parse(args);
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
    return MessageOf(status);
  }

  CommandLine line_;
  bool fast_ = false;
  std::vector<std::string> files_;
};

TEST_F(CommandLineTest, OptionsAndWordsMayBeMixed) {
  ASSERT_TRUE(line_.Parse({"a", "--file", "x", "--fast", "b", "--file=y=z"}).ok());
  EXPECT_TRUE(fast_);
  EXPECT_THAT(files_, ElementsAre("x", "y=z"));
  EXPECT_THAT(line_.words(), ElementsAre("a", "b"));
}

TEST_F(CommandLineTest, NothingBehindTwoDashesIsAnOption) {
  ASSERT_TRUE(line_.Parse({"-", "--", "--fast", "-x"}).ok());
  EXPECT_FALSE(fast_);
  EXPECT_THAT(line_.words(), ElementsAre("-", "--fast", "-x"));
}

TEST_F(CommandLineTest, AValueMayStartWithADash) {
  ASSERT_TRUE(line_.Parse({"--file", "--fast"}).ok());
  EXPECT_FALSE(fast_);
  EXPECT_THAT(files_, ElementsAre("--fast"));
}

TEST_F(CommandLineTest, MistakesNameTheArgument) {
  EXPECT_EQ(Mistake({"--fats"}), "unknown option --fats; did you mean --fast?");
  EXPECT_EQ(Mistake({"--unheard-of=1"}), "unknown option --unheard-of");
  EXPECT_EQ(Mistake({"--fast=yes"}), "--fast takes no value");
  EXPECT_EQ(Mistake({"--file"}), "--file needs a value: FILE");
  EXPECT_EQ(Mistake({"--file="}), "--file needs a value: FILE");
  EXPECT_EQ(Mistake({"-f"}), "unknown option -f");
}

TEST_F(CommandLineTest, ACommandWithoutWordsTakesNone) {
  CommandLine line("try", "", "Tries.");
  EXPECT_THAT(MessageOf(line.Parse({"word"})), HasSubstr("takes no argument like \"word\""));
}

TEST_F(CommandLineTest, HelpIsTheTable) {
  EXPECT_EQ(line_.Help(),
            "usage: mom try [options] [WORD...]\n"
            "Tries.\n"
            "\n"
            "  --fast       at once\n"
            "  --file FILE  read this\n"
            "  --help       this\n");
}

TEST_F(CommandLineTest, HelpEndsTheProgramWell) {
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(line_.Read({"--help", "--unheard-of"}), 0);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), line_.Help());
}

TEST_F(CommandLineTest, AMistakeEndsTheProgramWithItsOwnCode) {
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(line_.Read({"--fast="}), 2);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(),
            "mom: try: --fast takes no value; see mom try --help\n");
}

TEST_F(CommandLineTest, WithoutEitherItGoesOn) { EXPECT_EQ(line_.Read({"word"}), std::nullopt); }

}  // namespace
}  // namespace mom::cli
