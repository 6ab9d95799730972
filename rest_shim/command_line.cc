#include "rest_shim/command_line.h"

#include <cstdio>
#include <string_view>

namespace mom::rest {
namespace {

constexpr char kUsage[] =
    "Usage: mom-rest [--config FILE] [--listen HOST:PORT] [--check-config]\n"
    "The OpenAI-compatible REST shim of MoM.\n"
    "  --config FILE       read `rest` of this file (default: config.yaml)\n"
    "  --listen HOST:PORT  listen here instead of at `rest.listen`\n"
    "  --check-config      check `rest` of the file and exit: 0 good, 1 bad\n"
    "  --help, --version   print this, or the version\n"
    "\n"
    "SIGHUP reads the file again, as does a change of it. SIGTERM and SIGINT drain and\n"
    "exit 0; a second one ends at once.\n";

}  // namespace

std::optional<int> ParseCommandLine(int argc, const char* const* argv, CommandLine& out) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view arg = argv[i];
    const bool has_value = i + 1 < argc;
    if (arg == "--help") {
      std::fputs(kUsage, stdout);
      return 0;
    }
    if (arg == "--version") {
      std::puts("mom-rest " MOM_VERSION);
      return 0;
    }
    if (arg == "--check-config") {
      out.check_config = true;
    } else if (arg == "--config" && has_value) {
      out.config = argv[++i];
    } else if (arg == "--listen" && has_value) {
      out.listen = argv[++i];
    } else {
      std::fprintf(stderr, "mom-rest: unknown or incomplete option %s\n%s", argv[i], kUsage);
      return 2;
    }
  }
  return std::nullopt;
}

}  // namespace mom::rest
