// Passes one model's answer on to the client.
#ifndef MOM_ENGINE_RELAY_H_
#define MOM_ENGINE_RELAY_H_

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>

#include "service/engine/answer_guard.h"
#include "service/engine/candidate.h"
#include "service/engine/strategy.h"
#include "service/model/model_client.h"

namespace mom {

// What became of a relayed answer.
struct Relayed {
  Collected collected;  // as the model sent it
  Grade grade = Grade::kFailed;
  // The client got it, whole: nothing is left to do.
  bool delivered = false;
  // Why it was not passed on although the model did not fail ("refusal", "cut", "empty", ...).
  std::string rejected;
};

// The one way of an answer from upstream to the client, unary and streamed.
// With a `guard` it is a critic's answer: it must be usable and pass the guard, its reasoning
// (which is about the candidates) is not shown, and it cannot call tools. Without one it is a
// member's: anything but nothing and malformed tool calls goes out, and reasoning goes out as it
// comes. Text is held until its second piece or 100 ms after the first, blanks not counted (the
// commit point: until then the answer can be rejected), then goes out as it comes; where the
// context holds all, until the end. Tool calls are held until they are whole, get an id where they
// have none, and go out one piece each. After the commit point a failure is collected.status, and
// the client has a part. An error: the client is gone. Cancellation: throws; the upstream call
// stops.
asio::awaitable<StatusOr<Relayed>> Relay(RunContext& context, std::unique_ptr<DeltaStream> stream,
                                         const AnswerGuard* guard);

}  // namespace mom

#endif  // MOM_ENGINE_RELAY_H_
