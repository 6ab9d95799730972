#include "service/flags.h"

#include <cstddef>

#include "service/base/log.h"

namespace mom {
namespace {

constexpr char kDefaultDebugDirectory[] = "debug-requests";

Status Wrong(const std::string& text) {
  return MakeError(StatusCode::kInvalidArgument, text + "; see momd --help", ErrorInfo());
}

// The arguments, one flag after the other.
class Cursor {
 public:
  explicit Cursor(const std::vector<std::string>& args) : args_(args) {}

  // Goes to the next flag; false at the end.
  bool Next() {
    if (at_ == args_.size()) return false;
    flag_ = args_[at_++];
    value_.reset();
    const std::size_t equals = flag_.find('=');
    if (flag_.starts_with("--") && equals != std::string::npos) {
      value_ = flag_.substr(equals + 1);
      flag_.resize(equals);
    }
    return true;
  }
  const std::string& flag() const { return flag_; }
  bool has_value() const { return value_.has_value(); }

  // The flag's value: behind its `=`, or the next argument, if that is no flag.
  std::optional<std::string> Value() {
    if (!value_ && at_ < args_.size() && !args_[at_].starts_with('-')) value_ = args_[at_++];
    return value_;
  }

 private:
  const std::vector<std::string>& args_;
  std::size_t at_ = 0;
  std::string flag_;
  std::optional<std::string> value_;
};

// The flags that take a value.
Status SetValue(Cursor& cursor, Flags& flags) {
  const std::optional<std::string> value = cursor.Value();
  if (cursor.flag() == "--debug-requests") {
    flags.debug_requests = value.value_or(kDefaultDebugDirectory);
    return Status();
  }
  if (!value || value->empty()) return Wrong(cursor.flag() + " needs a value");
  if (cursor.flag() == "--config") {
    flags.config = *value;
    return Status();
  }
  LogLevel ignored;
  if (!ParseLogLevel(*value, &ignored)) {
    return Wrong("--log-level must be debug, info, warning or error, not " + *value);
  }
  flags.log_level = *value;
  return Status();
}

bool* SwitchOf(const std::string& flag, Flags& flags) {
  if (flag == "--check-config") return &flags.check_config;
  if (flag == "--print-config") return &flags.print_config;
  if (flag == "--help" || flag == "-h") return &flags.help;
  if (flag == "--version") return &flags.version;
  return nullptr;
}

}  // namespace

const char kUsage[] =
    "momd: the Mixture-of-Models gateway's gRPC service\n"
    "\n"
    "usage: momd [flags]\n"
    "  --config FILE           the config (config.yaml)\n"
    "  --check-config          check the config and exit: 0 where it is good, else 1\n"
    "  --print-config          print the effective config, secrets masked, and exit\n"
    "  --debug-requests [DIR]  write a folder for each request into DIR (debug-requests)\n"
    "  --log-level LEVEL       debug, info, warning or error, instead of the config's\n"
    "  --help, --version\n"
    "\n"
    "SIGHUP reads the config again, as does a change of its file. SIGTERM and SIGINT drain\n"
    "and exit 0; a second one ends at once.\n";

StatusOr<Flags> ParseFlags(const std::vector<std::string>& args) {
  Flags flags;
  Cursor cursor(args);
  while (cursor.Next()) {
    const std::string& flag = cursor.flag();
    if (flag == "--config" || flag == "--debug-requests" || flag == "--log-level") {
      const Status status = SetValue(cursor, flags);
      if (!status.ok()) return status;
    } else if (bool* on = SwitchOf(flag, flags); on != nullptr) {
      if (cursor.has_value()) return Wrong(flag + " takes no value");
      *on = true;
    } else {
      return Wrong((flag.starts_with('-') ? "unknown flag " : "unexpected argument ") + flag);
    }
  }
  return flags;
}

}  // namespace mom
