// Where a test finds the files of this source tree.
#ifndef MOM_TESTS_TESTING_SOURCE_PATH_H_
#define MOM_TESTS_TESTING_SOURCE_PATH_H_

#include <string>

namespace mom::testing {

// The absolute path of a file or folder; `relative` is its path from the tree's root.
std::string SourcePath(const std::string& relative);

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_SOURCE_PATH_H_
