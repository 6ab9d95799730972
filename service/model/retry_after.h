// When a provider wants to be asked again.
#ifndef MOM_MODEL_RETRY_AFTER_H_
#define MOM_MODEL_RETRY_AFTER_H_

#include <chrono>
#include <optional>

#include "service/net/http_client.h"

namespace mom {

// The wait that a response asks for, within 0 and one hour; nullopt where it names none. The first
// that is there and can be read counts, in this order:
// - `retry-after-ms`, milliseconds;
// - `retry-after`, seconds or an HTTP date (RFC 9110, section 10.2.3);
// - `x-ratelimit-reset-requests` and `-tokens`, durations ("6m0s", "20ms"), and
//   `anthropic-ratelimit-*-reset`, RFC 3339 times: of the exhausted dimensions (their `-remaining`
//   is 0) only, the longest.
// Times are read against the response's own `date` where it has one, so that a clock that is wrong
// does no harm; else against `now`.
std::optional<std::chrono::milliseconds> RetryAfter(const HttpResponse& head,
                                                    std::chrono::system_clock::time_point now);

// The last of these alone: the wait until a limit is renewed that an answer says is used up.
std::optional<std::chrono::milliseconds> ExhaustedFor(const HttpResponse& head,
                                                      std::chrono::system_clock::time_point now);

}  // namespace mom

#endif  // MOM_MODEL_RETRY_AFTER_H_
