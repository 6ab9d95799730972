// Asks one model.
#ifndef MOM_MODEL_MODEL_CLIENT_H_
#define MOM_MODEL_MODEL_CLIENT_H_

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "service/base/deadline.h"
#include "service/base/stream.h"
#include "service/base/trace_context.h"
#include "service/model/attempt.h"
#include "service/model/chat.h"
#include "service/net/http_client.h"

namespace mom {

// Who does the work of a call that fails.
struct Others {
  // Another model is asked in its place. It is preferred to another try of the same one.
  bool fallback = false;
  // Whether those that are asked at the same time are enough. Asked where another try would take
  // long; once it says so, the call fails. Owns all it needs. Empty: they are not.
  std::function<bool()> can;
};

// What a call carries beside its question. Goes by value.
struct CallContext {
  Deadline deadline;
  std::string request_id;
  std::optional<TraceContext> trace;  // each attempt is a span of its own in it
  CallRole role = CallRole::kMember;
  int candidate = 0;  // as Attempt's
  int try_number = 1;
  // How many retries the request may still make, over all of its calls, which share it. Never null.
  std::shared_ptr<int> retries_left;
  Others others;
  HttpClient* http = nullptr;            // the loop's own; outlives every call of the loop
  std::shared_ptr<AttemptLog> attempts;  // never null
};

using DeltaStream = Stream<ChatDelta>;

// Implementations are immutable after construction or lock their state: one object serves all
// loops. A stream shares what it needs and may outlive its client.
class ModelClient {
 public:
  virtual ~ModelClient() = default;
  // Begins a call; nothing is sent before the first Next(). The stream's proper end means that the
  // answer is complete: a finish_reason came and the dialect's terminal marker was seen. Anything
  // else ends with an error; its ErrorInfo has the reason (docs/errors.md, "of a model") and, as
  // metadata, "model" and "provider". Destroying the stream closes the connection.
  virtual std::unique_ptr<DeltaStream> Complete(std::shared_ptr<const ChatRequest> request,
                                                CallContext context) = 0;
};

// A call read to its end.
struct Collected {
  Status status;  // OK: `completion` is complete; else it holds what came
  Completion completion;
  std::chrono::nanoseconds latency{0};
  std::optional<std::chrono::nanoseconds> time_to_first_token;
};

// Reads a stream to its end.
asio::awaitable<Collected> Collect(std::unique_ptr<DeltaStream> stream);

}  // namespace mom

#endif  // MOM_MODEL_MODEL_CLIENT_H_
