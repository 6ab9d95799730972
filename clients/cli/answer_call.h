// One question to momd, and its answer as it comes.
#ifndef MOM_CLIENTS_CLI_ANSWER_CALL_H_
#define MOM_CLIENTS_CLI_ANSWER_CALL_H_

#include <chrono>
#include <memory>

#include "clients/cli/connection.h"
#include "clients/cli/interrupts.h"
#include "mom/v1/mom_service.pb.h"
#include "service/base/status.h"

namespace mom::cli {

using AnswerEvent = v1::SynthesizeStreamResponse;

// Cancelled by its destruction, and by Ctrl-C. Thread: one. `connection` and `interrupts` must
// outlive it.
class AnswerCall {
 public:
  using Clock = std::chrono::system_clock;
  enum class Next { kEvent, kTime, kEnd };

  // The events as momd sends them.
  static std::unique_ptr<AnswerCall> Stream(Connection& connection, Interrupts& interrupts,
                                            const v1::SynthesizeStreamRequest& request);
  // The whole answer: one event, `completed`. momd then can still replace an answer that fails
  // halfway.
  static std::unique_ptr<AnswerCall> Whole(Connection& connection, Interrupts& interrupts,
                                           const v1::SynthesizeRequest& request);
  virtual ~AnswerCall() = default;

  // Waits for an event, which is then in event(), until `deadline` (kTime) or the end (kEnd, of
  // which status() tells).
  virtual Next Wait(Clock::time_point deadline) = 0;
  virtual const AnswerEvent& event() const = 0;
  virtual Status status() const = 0;
};

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_ANSWER_CALL_H_
