// Keeps the record of one attempt while it runs.
#ifndef MOM_MODEL_ATTEMPT_RECORDER_H_
#define MOM_MODEL_ATTEMPT_RECORDER_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "service/model/model_client.h"
#include "service/model/model_config.h"
#include "service/net/http_client.h"

namespace mom {

// Tells the log of the attempt's start when it is made, and of its end exactly once: by Finish(),
// or as kCancelled when it is destroyed before. Owner: the attempt's stream.
class AttemptRecorder {
 public:
  // `model` must outlive it. `body` is the request's, for traces.
  AttemptRecorder(const ModelConfig& model, std::shared_ptr<const ChatRequest> request,
                  const CallContext& context, const std::string& body);
  ~AttemptRecorder();
  AttemptRecorder(const AttemptRecorder&) = delete;
  AttemptRecorder& operator=(const AttemptRecorder&) = delete;

  void OnResponse(const HttpResponse& head);
  void OnDelta(const ChatDelta& delta);
  // The provider certainly charges nothing: it never saw the request or refused it.
  void NotBilled() { may_be_billed_ = false; }
  bool has_payload() const { return attempt_.time_to_first_token.has_value(); }

  // What the attempt took so far, with its price: as reported; estimated where nothing was reported
  // or where the report is zero against what was seen.
  Usage CurrentUsage() const;
  void Finish(Status status);

 private:
  std::chrono::nanoseconds Elapsed() const { return std::chrono::steady_clock::now() - start_; }

  const ModelConfig& model_;
  std::shared_ptr<const ChatRequest> request_;
  std::shared_ptr<AttemptLog> log_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  Attempt attempt_;
  std::optional<Usage> reported_;
  Completion answer_;
  bool may_be_billed_ = true;
  bool finished_ = false;
};

}  // namespace mom

#endif  // MOM_MODEL_ATTEMPT_RECORDER_H_
