// A recorder that writes runs of a scripted engine into a folder of the test's own.
#ifndef MOM_TESTS_TRACE_RECORDER_FIXTURE_H_
#define MOM_TESTS_TRACE_RECORDER_FIXTURE_H_

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "service/trace/recorder.h"
#include "tests/engine/engine_fixture.h"
#include "tests/testing/temporary_folder.h"

namespace mom::testing {

inline std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline void Write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

class RecorderTest : public EngineTest {
 protected:
  std::filesystem::path TraceDirectory() const { return folder / "debug-requests"; }

  std::unique_ptr<Recorder> Open(int max_requests = 10) {
    TraceConfig config;
    config.debug_requests = TraceDirectory().string();
    config.max_requests = max_requests;
    auto recorder = Recorder::Open(config);
    EXPECT_TRUE(recorder.ok()) << recorder.status();
    return std::move(*recorder);
  }
  // Sorted by name, so by time.
  std::vector<std::filesystem::path> Folders() const {
    std::vector<std::filesystem::path> folders;
    for (const auto& entry : std::filesystem::directory_iterator(TraceDirectory())) {
      folders.push_back(entry.path());
    }
    std::sort(folders.begin(), folders.end());
    return folders;
  }
  // Each member has a draft and the critic says "final".
  void AskOnce(const std::string& id) {
    for (const char* name : {"a", "b", "c"}) Model(name).Then(Says(std::string("draft ") + name));
    Model("critic").Then(Says("final"));
    RunRequest request = Ask("the question");
    request.request_id = id;
    observer.records.clear();
    ASSERT_TRUE(Run(request).ok());
  }
  // Writes the last run; gives its folder's name.
  std::string Record() {
    Open()->Finished(observer.records.back());
    return Folders().back().filename().string();
  }

  TemporaryFolder folder;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TRACE_RECORDER_FIXTURE_H_
