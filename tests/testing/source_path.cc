#include "tests/testing/source_path.h"

namespace mom::testing {

std::string SourcePath(const std::string& relative) { return MOM_SOURCE_DIR "/" + relative; }

}  // namespace mom::testing
