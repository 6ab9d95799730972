// MoM's answers out, as OpenAI's JSON.
#ifndef MOM_REST_SHIM_OPENAI_RESPONSE_H_
#define MOM_REST_SHIM_OPENAI_RESPONSE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "mom/v1/mom_service.pb.h"
#include "rest_shim/openai_request.h"
#include "service/base/status.h"

namespace mom::rest {

// Whether `usage` is the answer's own or the sum over all calls (`rest.usage`).
enum class UsageKind { kAnswer, kSum };

// What a client wants of an answer's form.
struct AnswerForm {
  std::string model;           // echoed as the client wrote it; empty: the service's own name
  bool include_usage = false;  // a chunk with the usage at the end of a stream
  UsageKind usage = UsageKind::kAnswer;
  CallForm calls = CallForm::kTools;
};

// OpenAI's name of the reason an answer ended: "tool_calls" (or "function_call") where it calls
// tools, whatever the model said. An answer without a reason has not ended: that is an error, never
// a "stop".
StatusOr<std::string> FinishReasonOf(const v1::SynthesizeResponse& answer, CallForm calls);

// The body of a "chat.completion".
StatusOr<std::string> CompletionJson(const v1::SynthesizeResponse& answer, const AnswerForm& form);

// Makes the "chat.completion.chunk"s of one stream.
class ChunkWriter {
 public:
  explicit ChunkWriter(AnswerForm form);

  // Sets what all chunks have in common.
  void Start(const v1::Started& started);
  // The chunks of one delta, in order; none where there is nothing in it.
  std::vector<std::string> DeltaChunks(const v1::Delta& delta);
  // The last chunks: the answer where no delta brought it, the finish chunk with the extension
  // object `mom`, and the usage chunk where it was asked for.
  StatusOr<std::vector<std::string>> FinishChunks(const v1::SynthesizeResponse& answer);

 private:
  std::string Chunk(const v1::Delta& delta);
  std::string CallChunk(std::int64_t index, const v1::ToolCallDelta& call, bool first);
  std::string FinishChunk(const std::string& reason, const v1::SynthesizeResponse& answer);
  std::string UsageChunk(const v1::Usage& usage);

  AnswerForm form_;
  std::string id_;
  std::int64_t created_ = 0;
  bool role_sent_ = false;
  std::vector<std::int32_t> call_indexes_;  // the service's, in the order of first sight
};

// The list of /v1/models, and one entry of it.
std::string ModelListJson(const v1::ListModelsResponse& models);
std::string ModelJson(const v1::Model& model);

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_OPENAI_RESPONSE_H_
