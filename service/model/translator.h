// Speaks one wire dialect.
#ifndef MOM_MODEL_TRANSLATOR_H_
#define MOM_MODEL_TRANSLATOR_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/status.h"
#include "service/model/chat.h"
#include "service/model/model_config.h"
#include "service/net/http_client.h"
#include "service/net/sse_parser.h"

namespace mom {

// The state of decoding one answer. Pure: no I/O, no clock. Owner: the call's stream.
class StreamDecoder {
 public:
  virtual ~StreamDecoder() = default;
  // One event of the stream. nullopt: nothing for us in it (pings, unknown kinds). An error: the
  // provider reported one inside the stream, or broke its own protocol.
  virtual StatusOr<std::optional<ChatDelta>> Decode(const SseEvent& event) = 0;
  // Whether the dialect's own terminal marker was seen: the answer is complete, and what comes
  // after it is not read. A marker before any finish_reason is an error of Decode.
  virtual bool Done() const = 0;
  // Whether the proper end of the HTTP message makes the answer complete too (OpenAI's dialect: a
  // finish_reason came, only the `[DONE]` was left out).
  virtual bool CompleteAtEnd() const = 0;
};

// Immutable; serves all loops.
class Translator {
 public:
  virtual ~Translator() = default;
  // The HTTP request that asks `model` for a streamed answer, key included. Parameters that the
  // request leaves unset come from the model's config; unset in both: not sent.
  virtual HttpRequest EncodeRequest(const ProviderConfig& provider, const ModelConfig& model,
                                    const ChatRequest& request) const = 0;
  virtual std::unique_ptr<StreamDecoder> NewDecoder() const = 0;
  // A whole answer that came as plain JSON although a stream was asked for. An error object inside
  // a 200 is an error.
  virtual StatusOr<ChatDelta> DecodeWhole(std::string_view body) const = 0;
  // What an HTTP error means: code, reason, retry_after, metadata "http_status". Its text is ours;
  // the body is read for known codes only and never relayed.
  virtual Status DecodeError(const HttpResponse& head, std::string_view body) const = 0;
};

// The translator of a dialect ("openai"); null for an unknown one. Lives for ever.
const Translator* FindTranslator(std::string_view dialect);
// Names of the dialects that exist.
std::vector<std::string> DialectNames();

}  // namespace mom

#endif  // MOM_MODEL_TRANSLATOR_H_
