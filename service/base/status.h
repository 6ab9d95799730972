// The failure value of MoM: absl::Status, with an ErrorInfo riding on it as a payload.
#ifndef MOM_BASE_STATUS_H_
#define MOM_BASE_STATUS_H_

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mom {

using Status = absl::Status;
using StatusCode = absl::StatusCode;
template <typename T>
using StatusOr = absl::StatusOr<T>;

// What programs need to know of a failure beside its code and text.
struct ErrorInfo {
  // Stable name in UPPER_SNAKE_CASE; docs/errors.md lists them all. Empty: none was given.
  std::string reason;
  // Path of the request's field that is wrong ("messages[2].role"); empty: no single field.
  std::string field;
  // The least time to wait before a retry makes sense.
  std::optional<std::chrono::milliseconds> retry_after;
  // Further facts ("model", "provider", "http_status", "config_key", "anchor_available").
  // Never a secret, never an upstream body.
  std::map<std::string, std::string> metadata;
};

// Makes a failure. `code` must not be kOk.
Status MakeError(StatusCode code, std::string_view message, ErrorInfo info);
Status MakeError(StatusCode code, std::string_view message, std::string_view reason);

// A request that is wrong in one field: kInvalidArgument with reason INVALID_ARGUMENT and the text
// "`field` what.", so that a client that shows the text alone names the field too. `what` says what
// the field must be ("must be at least 1"); where no single field is wrong, `field` is empty and
// `what` a whole sentence.
Status InvalidField(std::string_view field, std::string_view what);

// What MakeError attached; an empty one where nothing is attached.
ErrorInfo GetErrorInfo(const Status& status);

// The same failure with other facts attached.
Status WithErrorInfo(const Status& status, const ErrorInfo& info);

// The text as a std::string (Debian's absl::string_view is not the std type).
inline std::string MessageOf(const Status& status) {
  return std::string(status.message().data(), status.message().size());
}

}  // namespace mom

#endif  // MOM_BASE_STATUS_H_
