#include "service/trace/recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/trace/recorder_fixture.h"

namespace mom::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

TEST_F(RecorderTest, WritesOneFolderARequestWithAllThatWasSaid) {
  AskOnce("req-1");
  {
    auto recorder = Open();
    recorder->Finished(observer.records[0]);
  }
  const auto folders = Folders();
  ASSERT_EQ(folders.size(), 1u);
  EXPECT_THAT(folders[0].filename().string(), HasSubstr("-req-1"));
  EXPECT_THAT(Read(folders[0] / "request.json"), HasSubstr("the question"));
  EXPECT_THAT(Read(folders[0] / "01-member-a.json"), HasSubstr("draft a"));
  EXPECT_THAT(Read(folders[0] / "04-critic-critic.json"), HasSubstr("final"));
  EXPECT_THAT(Read(folders[0] / "answer.json"), HasSubstr("\"answered_by\":\"critic\""));
  const std::string answer = Read(folders[0] / "answer.json");
  EXPECT_THAT(answer, HasSubstr("\"at_ms\":"));
  EXPECT_THAT(answer, HasSubstr("draft A: "));
  struct stat info {};
  ASSERT_EQ(stat(TraceDirectory().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
}

TEST_F(RecorderTest, KeepsTheNewestAndLeavesOtherThingsAlone) {
  {
    auto recorder = Open(2);
    fs::create_directory(TraceDirectory() / "mine");
    for (const char* id : {"req-1", "req-2", "req-3"}) {
      AskOnce(id);
      recorder->Finished(observer.records[0]);
    }
  }
  const auto folders = Folders();
  ASSERT_EQ(folders.size(), 3u);
  EXPECT_THAT(folders[0].string(), HasSubstr("req-2"));
  EXPECT_THAT(folders[1].string(), HasSubstr("req-3"));
  EXPECT_THAT(folders[2].string(), HasSubstr("mine"));
}

TEST_F(RecorderTest, AFolderThatCannotBeMadeIsSaidWithItsPath) {
  Write(directory / "file", "x");
  RecorderOptions options;
  options.directory = (directory / "file" / "sub").string();
  const auto recorder = Recorder::Open(options);
  ASSERT_FALSE(recorder.ok());
  EXPECT_THAT(MessageOf(recorder.status()), HasSubstr("sub"));
}

}  // namespace
}  // namespace mom::testing
