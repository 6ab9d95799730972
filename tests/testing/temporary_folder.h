// A folder for files of one test.
#ifndef MOM_TESTS_TESTING_TEMPORARY_FOLDER_H_
#define MOM_TESTS_TESTING_TEMPORARY_FOLDER_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace mom::testing {

// Goes, with all that is in it, when the object does.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = ::testing::TempDir() + "mom_XXXXXX";
    // Without symbolic links on the way, so that tests know all of them.
    path_ = std::filesystem::canonical(mkdtemp(pattern.data())).string();
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  // Gives the path.
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(*this / name) << text;
    return *this / name;
  }

 private:
  std::string path_;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_TEMPORARY_FOLDER_H_
