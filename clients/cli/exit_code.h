// How `mom` ends; docs/cli.md tells users.
#ifndef MOM_CLIENTS_CLI_EXIT_CODE_H_
#define MOM_CLIENTS_CLI_EXIT_CODE_H_

#include "service/base/status.h"

namespace mom::cli {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;       // the request failed, or something is found to be wrong
inline constexpr int kUsage = 2;        // the command line, or what it names, is wrong
inline constexpr int kUnreachable = 3;  // no momd at the address
inline constexpr int kCut = 4;          // what was printed is not the whole answer
inline constexpr int kSignal = 128;     // plus the signal's number: 130 after Ctrl-C

// Tells about a failure on stderr, and gives the exit code for it.
int Fail(const Status& status);
// The same for a mistake in the command line: always kUsage.
int FailUsage(const std::string& message);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_EXIT_CODE_H_
