// Small files.
#ifndef MOM_BASE_FILE_H_
#define MOM_BASE_FILE_H_

#include <cstddef>
#include <string>

#include "service/base/status.h"

namespace mom {

// The whole content of a regular file or pipe; kFailedPrecondition with the system's reason,
// without the path, where it cannot be read or is longer than `max_bytes`. Blocks.
StatusOr<std::string> ReadFile(const std::string& path, std::size_t max_bytes);

}  // namespace mom

#endif  // MOM_BASE_FILE_H_
