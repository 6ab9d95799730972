#include "clients/cli/exit_code.h"

#include <cstdio>
#include <string>

#include "service/base/reasons.h"

namespace mom::cli {

int Fail(const Status& status) {
  const std::string reason = GetErrorInfo(status).reason;
  const std::string note = reason.empty() ? "" : " (" + reason + ")";
  std::fprintf(stderr, "mom: %s%s\n", MessageOf(status).c_str(), note.c_str());
  if (reason == reason::kServiceUnreachable) return kUnreachable;
  return reason == reason::kAnswerCut ? kCut : kFailed;
}

int FailUsage(const std::string& message) {
  std::fprintf(stderr, "mom: %s\n", message.c_str());
  return kUsage;
}

}  // namespace mom::cli
