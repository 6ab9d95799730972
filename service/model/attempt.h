// One HTTP call upstream: the unit of money.
#ifndef MOM_MODEL_ATTEMPT_H_
#define MOM_MODEL_ATTEMPT_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "service/base/status.h"
#include "service/model/chat.h"

namespace mom {

// What an attempt is made for.
enum class CallRole { kMember, kCritic };
const char* NameOf(CallRole role);

struct Attempt {
  int number = 0;      // within the request, from 1, in the order of start
  int try_number = 1;  // within its leg: 1, then retries
  CallRole role = CallRole::kMember;
  int candidate = 0;  // of a member: the number of the candidate that it is for, from 1
  std::string model;
  std::string provider;
  std::chrono::system_clock::time_point start_time;
  // Set when it is over:
  std::chrono::nanoseconds latency{0};
  std::optional<std::chrono::nanoseconds> time_to_first_token;
  Status status;        // OK: its dialect's terminal marker was seen; kCancelled: MoM ended it
  int http_status = 0;  // 0: no answer came
  // What it took: as the provider reported, or `estimated` where it did not (what was cut, for
  // one). All zero where nothing can have been billed.
  Usage usage;
  std::optional<FinishReason> finish_reason;
  std::string upstream_request_id;
  std::string upstream_model;
  // Only where the request is traced: the body that was sent, and the answer.
  std::string request_body;
  Completion answer;
};

// Where attempts are written down: one Started and one Finished for each, whatever becomes of it.
// Called on the request's loop; must not block or throw.
class AttemptLog {
 public:
  virtual ~AttemptLog() = default;
  // Before the first byte is sent. Gives the attempt its number.
  virtual int Started(const Attempt& attempt) = 0;
  virtual void Finished(Attempt attempt) = 0;
  // Whether request_body and answer are wanted.
  virtual bool capture() const = 0;
};

}  // namespace mom

#endif  // MOM_MODEL_ATTEMPT_H_
