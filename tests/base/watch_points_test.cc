#include "service/base/watch_points.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/testing/temporary_folder.h"

namespace mom {

void PrintTo(const WatchPoint& point, std::ostream* out) {
  *out << point.folder << " " << point.name;
}

namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::TemporaryFolder;

TEST(WatchPointsTest, APlainFileIsOnePoint) {
  const TemporaryFolder folder;
  const std::string file = folder.Write("config.yaml", "");
  EXPECT_THAT(WatchPointsOf(file), ElementsAre(WatchPoint{folder.path(), "config.yaml"}));
}

TEST(WatchPointsTest, AFileThatIsNotThereIsOneToo) {
  const TemporaryFolder folder;
  EXPECT_THAT(WatchPointsOf(folder / "config.yaml"),
              ElementsAre(WatchPoint{folder.path(), "config.yaml"}));
}

TEST(WatchPointsTest, AMissingFolderIsTheLastPoint) {
  const TemporaryFolder folder;
  EXPECT_THAT(WatchPointsOf(folder / "a/b/config.yaml"),
              ElementsAre(WatchPoint{folder.path(), "a"}));
}

// config.yaml -> ..data/config.yaml, ..data -> ..1
TEST(WatchPointsTest, AConfigMapsLinksAreAllPoints) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "..1");
  folder.Write("..1/config.yaml", "");
  fs::create_directory_symlink("..1", folder / "..data");
  fs::create_symlink("..data/config.yaml", folder / "config.yaml");
  EXPECT_THAT(
      WatchPointsOf(folder / "config.yaml"),
      ElementsAre(WatchPoint{folder.path(), "config.yaml"}, WatchPoint{folder.path(), "..data"},
                  WatchPoint{folder / "..1", "config.yaml"}));
}

TEST(WatchPointsTest, LinkedFoldersAndAbsoluteTargetsAreFollowed) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "releases/2");
  folder.Write("releases/2/config.yaml", "");
  fs::create_directory_symlink(folder / "releases/2", folder / "releases/current");
  fs::create_directory_symlink("releases/../releases/./current", folder / "etc");
  EXPECT_THAT(
      WatchPointsOf(folder / "etc/config.yaml"),
      ElementsAre(WatchPoint{folder.path(), "etc"}, WatchPoint{folder / "releases", "current"},
                  WatchPoint{folder / "releases/2", "config.yaml"}));
}

TEST(WatchPointsTest, LinksInACircleEnd) {
  const TemporaryFolder folder;
  fs::create_symlink("b", folder / "a");
  fs::create_symlink("a", folder / "b");
  const auto points = WatchPointsOf(folder / "a");
  ASSERT_FALSE(points.empty());
  for (const WatchPoint& point : points) EXPECT_EQ(point.folder, folder.path());
}

}  // namespace
}  // namespace mom
