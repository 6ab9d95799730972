#include "service/base/file_watcher.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/testing/temporary_folder.h"

namespace mom {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using testing::TemporaryFolder;

// The kernel has queued the events when a change returns, and bursts are due at once: so what a
// change leads to is seen without waiting.
class FileWatcherTest : public ::testing::Test {
 protected:
  FileWatcherTest()
      : watcher_(loop_, Debounce(milliseconds(0), milliseconds(0)), [this] { ++calls_; }) {}

  void Watch(const std::vector<std::string>& paths) {
    const Status status = watcher_.Watch(paths);
    EXPECT_TRUE(status.ok()) << status;
    Calls();
  }
  // Those since the last time.
  int Calls() {
    for (int idle = 0; idle < 3;) idle = loop_.poll() == 0 ? idle + 1 : 0;
    return std::exchange(calls_, 0);
  }
  void Replace(const std::string& name, const std::string& text) {
    fs::rename(folder_.Write(name + ".new", text), folder_ / name);
  }

  const TemporaryFolder folder_;
  asio::io_context loop_;
  int calls_ = 0;
  FileWatcher watcher_;
};

TEST_F(FileWatcherTest, SeesAFileWritten) {
  Watch({folder_.Write("config.yaml", "a")});
  EXPECT_EQ(Calls(), 0);
  folder_.Write("config.yaml", "b");
  EXPECT_EQ(Calls(), 1);
  folder_.Write("config.yaml", "c");
  EXPECT_EQ(Calls(), 1);
}

TEST_F(FileWatcherTest, AFileCountsWhenItsWriterClosesIt) {
  const std::string path = folder_.Write("config.yaml", "a");
  Watch({path});
  std::ofstream file(path);
  file << "half" << std::flush;
  EXPECT_EQ(Calls(), 0);
  file << " and half";
  file.close();
  EXPECT_EQ(Calls(), 1);
}

TEST_F(FileWatcherTest, SeesAnEditorsRenames) {
  Watch({folder_.Write("config.yaml", "a")});
  Replace("config.yaml", "b");
  EXPECT_EQ(Calls(), 1);
  // The other way: the old file goes aside, and a new one takes its name.
  fs::rename(folder_ / "config.yaml", folder_ / "config.yaml~");
  folder_.Write("config.yaml", "c");
  EXPECT_EQ(Calls(), 1);
  folder_.Write("config.yaml", "d");
  EXPECT_EQ(Calls(), 1);
}

TEST_F(FileWatcherTest, SeesAFileGoComeAndBecomeReadable) {
  const std::string path = folder_.Write("config.yaml", "a");
  Watch({path});
  fs::remove(path);
  EXPECT_EQ(Calls(), 1);
  folder_.Write("config.yaml", "a");
  EXPECT_EQ(Calls(), 1);
  fs::permissions(path, fs::perms::owner_read);
  EXPECT_EQ(Calls(), 1);
}

TEST_F(FileWatcherTest, IgnoresWhatElseIsInTheFolder) {
  Watch({folder_.Write("config.yaml", "a")});
  folder_.Write("momd.log", "a line");
  folder_.Write("config.yaml.swp", "x");
  fs::remove(folder_ / "momd.log");
  EXPECT_EQ(Calls(), 0);
}

TEST_F(FileWatcherTest, ReadingIsNoChange) {
  const std::string path = folder_.Write("config.yaml", "a");
  Watch({path});
  std::string text;
  std::ifstream(path) >> text;
  EXPECT_EQ(Calls(), 0);
}

TEST_F(FileWatcherTest, ABurstIsOneCall) {
  Watch({folder_.Write("config.yaml", "a"), folder_.Write("key", "k")});
  for (int i = 0; i < 5; ++i) {
    folder_.Write("config.yaml", std::to_string(i));
    folder_.Write("key", std::to_string(i));
  }
  EXPECT_EQ(Calls(), 1);
}

TEST_F(FileWatcherTest, SeesASwappedConfigMap) {
  fs::create_directory(folder_ / "..1");
  folder_.Write("..1/config.yaml", "a");
  fs::create_directory_symlink("..1", folder_ / "..data");
  fs::create_symlink("..data/config.yaml", folder_ / "config.yaml");
  Watch({folder_ / "config.yaml"});
  for (const std::string next : {"..2", "..3"}) {
    fs::create_directory(folder_ / next);
    folder_.Write(next + "/config.yaml", "b");
    EXPECT_EQ(Calls(), 0);
    fs::create_directory_symlink(next, folder_ / "..data_tmp");
    fs::rename(folder_ / "..data_tmp", folder_ / "..data");
    EXPECT_EQ(Calls(), 1);
  }
  folder_.Write("..3/config.yaml", "c");
  EXPECT_EQ(Calls(), 1);
  folder_.Write("..1/config.yaml", "c");
  EXPECT_EQ(Calls(), 0);
}

TEST_F(FileWatcherTest, SeesAFolderReplaced) {
  fs::create_directory(folder_ / "etc");
  Watch({folder_.Write("etc/config.yaml", "a")});
  fs::rename(folder_ / "etc", folder_ / "old");
  EXPECT_EQ(Calls(), 1);
  fs::create_directory(folder_ / "etc");
  EXPECT_EQ(Calls(), 1);
  folder_.Write("etc/config.yaml", "b");
  EXPECT_EQ(Calls(), 1);
}

TEST_F(FileWatcherTest, WatchesOnlyTheLastPaths) {
  Watch({folder_.Write("config.yaml", "a"), folder_.Write("old-key", "k")});
  Watch({folder_ / "config.yaml", folder_ / "new-key"});
  folder_.Write("old-key", "x");
  EXPECT_EQ(Calls(), 0);
  folder_.Write("new-key", "x");
  EXPECT_EQ(Calls(), 1);
}

}  // namespace
}  // namespace mom
