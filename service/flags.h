// The command line of momd.
#ifndef MOM_FLAGS_H_
#define MOM_FLAGS_H_

#include <optional>
#include <string>
#include <vector>

#include "service/base/status.h"

namespace mom {

struct Flags {
  std::string config = "config.yaml";
  bool check_config = false;
  bool print_config = false;
  std::optional<std::string> debug_requests;  // a folder
  std::optional<std::string> log_level;
  bool help = false;
  bool version = false;
};

// `args`: without the program's name. "--flag value" and "--flag=value" are the same.
// kInvalidArgument: an unknown flag, a missing value, or an argument that belongs to no flag.
StatusOr<Flags> ParseFlags(const std::vector<std::string>& args);

// What --help prints.
extern const char kUsage[];

}  // namespace mom

#endif  // MOM_FLAGS_H_
