#include "service/trace/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>

#include "service/trace/folder_name.h"
#include "service/trace/record_json.h"
#include "service/trace/trace_json.h"
#include "tests/trace/recorder_fixture.h"

namespace mom::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ReaderTest : public RecorderTest {
 protected:
  StatusOr<Trace> ReadBack() { return ReadTrace(TraceDirectory().string(), Record()); }

  std::string Why(const std::string& folder) {
    return MessageOf(ReadTrace(TraceDirectory().string(), folder).status());
  }
};

TEST_F(ReaderTest, GivesBackWhatTheRecorderWrote) {
  AskOnce("req-1");
  const RunRecord& record = *observer.records[0];
  const StatusOr<Trace> trace = ReadBack();
  ASSERT_TRUE(trace.ok()) << trace.status();
  EXPECT_EQ(trace->request_id, "req-1");
  EXPECT_EQ(trace->id, record.id);
  EXPECT_EQ(trace->strategy, "synthesize");
  EXPECT_EQ(trace->config_generation, 1);
  EXPECT_FALSE(trace->streaming);
  EXPECT_FALSE(trace->error);
  EXPECT_EQ(FolderTime(trace->created), FolderTime(record.create_time));
  ASSERT_EQ(trace->conversation.size(), 1u);
  EXPECT_EQ(trace->conversation[0].role, "user");
  EXPECT_EQ(trace->conversation[0].text, "the question");
  EXPECT_EQ(trace->answered_by, "critic");
  EXPECT_EQ(trace->answer.text, "final");
  EXPECT_EQ(trace->answer.finish_reason, "stop");

  ASSERT_EQ(trace->attempts.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    const TraceAttempt& attempt = trace->attempts[i];
    EXPECT_EQ(attempt.number, static_cast<int>(i) + 1);
    EXPECT_EQ(attempt.model, record.attempts()[i].model);
    EXPECT_EQ(attempt.role, i < 3 ? "member" : "critic");
    EXPECT_EQ(attempt.provider, "fake");
    EXPECT_EQ(attempt.latency, std::chrono::milliseconds(1));
    EXPECT_EQ(attempt.usage.prompt_tokens, 10);
  }
  EXPECT_EQ(trace->usage().completion_tokens, 20);

  ASSERT_EQ(trace->candidates.size(), 3u);
  EXPECT_EQ(trace->candidates[1].model, "b");
  EXPECT_EQ(trace->candidates[1].grade, "usable");
  EXPECT_EQ(trace->candidates[1].answer.text, "draft b");
  std::vector<std::string> stages;
  std::chrono::nanoseconds last{0};
  for (const TraceStage& stage : trace->stages) {
    stages.push_back(stage.name);
    EXPECT_GE(*stage.at, last);
    last = *stage.at;
  }
  EXPECT_THAT(stages, ElementsAre("strategy", "members", "quorum", "gathered", "critic"));
  EXPECT_THAT(trace->stages.back().detail, HasSubstr("draft A: "));
  EXPECT_LE(last, trace->latency);
}

TEST_F(ReaderTest, FindsTheRequestOfAnAnswersId) {
  std::vector<std::string> ids;
  for (const char* request : {"req-1", "req-2"}) {
    AskOnce(request);
    ids.push_back(observer.records[0]->id);
    Record();
  }
  const StatusOr<TraceFolders> listed = ListTraces(TraceDirectory().string());
  ASSERT_TRUE(listed.ok());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto found = TraceOfAnswer(TraceDirectory().string(), *listed, ids[i]);
    ASSERT_TRUE(found);
    EXPECT_EQ(RequestIdOf(*found), "req-" + std::to_string(i + 1));
  }
  EXPECT_EQ(TraceOfAnswer(TraceDirectory().string(), *listed, "chatcmpl-0"), std::nullopt);
  EXPECT_EQ(TraceOfAnswer(TraceDirectory().string(), *listed, "req-1"), std::nullopt)
      << "a request's id is none of an answer";
}

TEST_F(ReaderTest, TellsFailuresOfMembersAndOfTheRun) {
  Model("a").Then(FakeAnswer().Fail(StatusCode::kUnavailable, "UPSTREAM_UNAVAILABLE"));
  Model("b").Then(FakeAnswer().Text("half").Fail(StatusCode::kUnavailable, "UPSTREAM_INCOMPLETE"));
  Model("c").Then(FakeAnswer().Refusal("no"));
  ASSERT_FALSE(Run(Ask("question")).ok());
  const StatusOr<Trace> trace = ReadBack();
  ASSERT_TRUE(trace.ok()) << trace.status();
  ASSERT_TRUE(trace->error);
  EXPECT_EQ(trace->error->code, "UNAVAILABLE");
  EXPECT_EQ(trace->error->reason, "ALL_MEMBERS_FAILED");
  EXPECT_EQ(trace->answered_by, "");
  ASSERT_TRUE(trace->attempts[0].error);
  EXPECT_EQ(trace->attempts[0].error->reason, "UPSTREAM_UNAVAILABLE");
  EXPECT_EQ(trace->attempts[0].error->message, "scripted failure");
  EXPECT_EQ(trace->candidates[1].answer.text, "half");
  EXPECT_EQ(trace->candidates[1].state, "failed");
  EXPECT_EQ(trace->candidates[2].answer.refusal, "no");
  EXPECT_THAT(trace->degraded_reasons, ElementsAre(HasSubstr("a"), HasSubstr("b"), HasSubstr("c")));
}

TEST_F(ReaderTest, ConversationsOfAnyFormAreText) {
  Trace trace;
  const Status status = ReadRequestJson(R"json({"request_id":"r","created":1.5,"chat":{"messages":[
      {"role":"user","content":[{"type":"text","text":"one"},{"type":"image_url","image_url":{}}]},
      {"role":"assistant","content":null,"tool_calls":[
          {"id":"1","type":"function","function":{"name":"read","arguments":"{\"path\":1}"}}]}
      ]}})json",
                                        trace);
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(trace.conversation.size(), 2u);
  EXPECT_EQ(trace.conversation[0].text, "one\n[image_url]");
  EXPECT_EQ(trace.conversation[1].text, "[calls read({\"path\":1})]");

  const Status other = ReadAttemptJson(
      R"({"model":"m","started":2,"sent":{"contents":[{"parts":[{"text":"hi"}]}]}})", trace);
  ASSERT_TRUE(other.ok()) << other;
  ASSERT_EQ(trace.attempts[0].sent.size(), 1u);
  EXPECT_EQ(trace.attempts[0].sent[0].text, R"({"contents":[{"parts":[{"text":"hi"}]}]})");
  EXPECT_EQ(trace.attempts[0].start, std::chrono::milliseconds(500));
}

TEST_F(ReaderTest, FoldersAreListedNewestFirstAndForeignOnesApart) {
  const fs::path traces = TraceDirectory();
  for (const char* name :
       {"20260102T030405.678Z-old", "20260102T030405.679Z-new", "mine", "20260102T030405.678Z-",
        "2026010203040506.678Z-x", "20260102T030405.678Z-\x1b"}) {
    fs::create_directories(traces / name);
  }
  Write(traces / "20260102T030405.678Z-file", "no folder");
  const StatusOr<TraceFolders> folders = ListTraces(traces.string());
  ASSERT_TRUE(folders.ok()) << folders.status();
  EXPECT_THAT(folders->traces, ElementsAre("20260102T030405.679Z-new", "20260102T030405.678Z-old"));
  EXPECT_THAT(folders->foreign, ElementsAre("2026010203040506.678Z-x", "20260102T030405.678Z-",
                                            "20260102T030405.678Z-\x1b", "mine"));
  EXPECT_EQ(ListTraces(folder / "none").status().code(), StatusCode::kNotFound);
}

TEST(FindTrace, TakesAWholeIdOrAUniquePart) {
  TraceFolders folders;
  EXPECT_EQ(FindTrace(folders, "latest").status().code(), StatusCode::kNotFound);
  folders.traces = {"20260102T030405.678Z-req-10", "20260102T030405.677Z-req-1",
                    "20260101T000000.000Z-other"};
  EXPECT_EQ(*FindTrace(folders, "latest"), folders.traces[0]);
  EXPECT_EQ(*FindTrace(folders, "20260102T030405.677Z-req-1"), folders.traces[1]);
  EXPECT_EQ(*FindTrace(folders, "req-1"), folders.traces[1]);  // a whole id, though also a part
  EXPECT_EQ(*FindTrace(folders, "oth"), folders.traces[2]);
  EXPECT_EQ(*FindTrace(folders, "10"), folders.traces[0]);
  EXPECT_EQ(*FindTrace(folders, "20260101"), folders.traces[2]);
  EXPECT_EQ(FindTrace(folders, "eq").status().code(), StatusCode::kNotFound);
  const Status several = FindTrace(folders, "req").status();
  EXPECT_EQ(several.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(several), HasSubstr("2 traces match req"));
  EXPECT_THAT(MessageOf(several), HasSubstr(folders.traces[1]));
}

TEST_F(ReaderTest, AMissingFileIsNamed) {
  AskOnce("req-1");
  const std::string folder = Record();
  fs::remove(TraceDirectory() / folder / "answer.json");
  EXPECT_EQ(Why(folder), "answer.json: missing");
  fs::remove(TraceDirectory() / folder / "request.json");
  EXPECT_EQ(Why(folder), "request.json: missing");
  mkfifo((TraceDirectory() / folder / "request.json").c_str(), 0600);
  EXPECT_EQ(Why(folder), "request.json: no file");
}

TEST_F(ReaderTest, AFileThatIsCutIsNamed) {
  AskOnce("req-1");
  const std::string folder = Record();
  for (const auto& entry : fs::directory_iterator(TraceDirectory() / folder)) {
    const std::string whole = Read(entry.path());
    Write(entry.path(), whole.substr(0, whole.size() / 2));
    EXPECT_EQ(Why(folder), entry.path().filename().string() + ": no JSON object");
    Write(entry.path(), whole);
  }
  EXPECT_EQ(Why(folder), "");
}

// The files of a run, each with its reader.
struct File {
  std::string json;
  Status (*read)(std::string_view, Trace&);
};

class BrokenJsonTest : public ReaderTest {
 protected:
  std::vector<File> Files() {
    Model("a").Then(FakeAnswer().Fail(StatusCode::kUnavailable, "UPSTREAM_UNAVAILABLE"));
    Model("b").Then(FakeAnswer().Call(0, "1", "f", "{}").Finish(FinishReason::kToolCalls));
    Model("c").Then(FakeAnswer().Reasoning("hm").Text("draft").Finish());
    EXPECT_TRUE(Run(Ask("question")).ok());
    const RunRecord& record = *observer.records[0];
    std::vector<File> files = {{RequestJson(record), ReadRequestJson},
                               {AnswerJson(record), ReadAnswerJson}};
    for (const Attempt& attempt : record.attempts()) {
      files.push_back({AttemptJson(attempt), ReadAttemptJson});
    }
    return files;
  }
};

// What a crash or a full disk leaves.
TEST_F(BrokenJsonTest, CutAtAnyByteItIsRefused) {
  for (const File& file : Files()) {
    Trace trace;
    ASSERT_TRUE(file.read(file.json, trace).ok()) << file.json;
    for (std::size_t size = 0; size < file.json.size(); ++size) {
      ASSERT_EQ(MessageOf(file.read(file.json.substr(0, size), trace)), "no JSON object") << size;
    }
  }
}

// What a stranger or another version leaves: each value in turn is of another kind.
TEST_F(BrokenJsonTest, ValuesOfAnotherKindAreLeftOut) {
  int refused = 0;
  int taken = 0;
  for (const File& file : Files()) {
    for (std::size_t colon = file.json.find("\":"); colon != std::string::npos;
         colon = file.json.find("\":", colon + 1)) {
      for (const char* value : {"null", "-1e308", "18446744073709551615", "\"x\"", "[[1]]", "{}"}) {
        std::string changed = file.json;
        changed.insert(colon + 2, std::string(value) + ",\"was\":");
        Trace trace;
        file.read(changed, trace).ok() ? ++taken : ++refused;
        for (const TraceAttempt& attempt : trace.attempts) {
          ASSERT_GE(attempt.start.count(), 0);
          ASSERT_GE(attempt.latency.count(), 0);
        }
      }
    }
  }
  EXPECT_GT(taken, refused);
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace mom::testing
