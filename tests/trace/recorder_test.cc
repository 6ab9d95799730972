#include "service/trace/recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "service/trace/folder_name.h"
#include "tests/trace/recorder_fixture.h"

namespace mom::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

TEST_F(RecorderTest, WithoutAFolderNothingIsRecorded) {
  const auto recorder = Recorder::Open(TraceConfig());
  ASSERT_TRUE(recorder.ok()) << recorder.status();
  EXPECT_EQ(*recorder, nullptr);
}

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

TEST_F(RecorderTest, WhatIsTooOldGoes) {
  const auto now = std::chrono::system_clock::now();
  const auto folder_of = [&](std::chrono::minutes age, const std::string& id) {
    return TraceDirectory() / FolderName(now - age, id);
  };
  const fs::path old = folder_of(std::chrono::minutes(90), "req-old");
  const fs::path young = folder_of(std::chrono::minutes(30), "req-young");
  TraceConfig config;
  config.debug_requests = TraceDirectory().string();
  config.max_age = std::chrono::hours(1);
  AskOnce("req-new");
  {
    auto recorder = Recorder::Open(config);
    ASSERT_TRUE(recorder.ok()) << recorder.status();
    fs::create_directory(old);
    std::ofstream(old / "answer.json") << "{}";
    fs::create_directory(young);
    (*recorder)->Finished(observer.records[0]);
  }
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(young));
  EXPECT_EQ(Folders().size(), 2u);
}

TEST_F(RecorderTest, AFolderThatCannotBeMadeIsSaidWithItsPath) {
  folder.Write("file", "x");
  TraceConfig config;
  config.debug_requests = folder / "file/sub";
  const auto recorder = Recorder::Open(config);
  ASSERT_FALSE(recorder.ok());
  EXPECT_THAT(MessageOf(recorder.status()), HasSubstr("sub"));
}

}  // namespace
}  // namespace mom::testing
