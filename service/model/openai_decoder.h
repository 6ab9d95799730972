// Reads answers in OpenAI's Chat Completions dialect.
#ifndef MOM_MODEL_OPENAI_DECODER_H_
#define MOM_MODEL_OPENAI_DECODER_H_

#include <optional>
#include <string>
#include <string_view>

#include "service/model/provider_error.h"
#include "service/model/provider_json.h"
#include "service/model/think_block.h"
#include "service/model/tool_call_assembler.h"
#include "service/model/translator.h"

namespace mom {

// Reads the chunks of one answer, and what the dialect's many servers make of them: chunks without
// choices, delta or index, `message` in place of `delta`, errors inside the stream, finish reasons
// of other dialects, thoughts in the text (think_block.h), calls without arguments, which get `{}`.
// The ids of the answer ride on its first delta, so that a chunk that only opens the stream gives
// none.
class OpenAiDecoder final : public StreamDecoder {
 public:
  StatusOr<std::optional<ChatDelta>> Decode(const SseEvent& event) override;
  bool Done() const override { return done_; }
  bool CompleteAtEnd() const override { return finished_; }

  // A whole answer, as Translator::DecodeWhole.
  StatusOr<ChatDelta> DecodeWhole(std::string_view body);

 private:
  using Json = ProviderJson::Object;

  StatusOr<std::optional<ChatDelta>> DecodeChunk(Json chunk);
  Status DecodeChoice(Json choice, ChatDelta& delta);
  Status DecodeContent(Json content, ChatDelta& delta);
  Status DecodeToolCalls(Json content, ChatDelta& delta);
  Status AddToolCall(ToolCallAssembler::Piece piece, ChatDelta& delta);
  Status DecodeFinish(std::string_view name, ChatDelta& delta);

  ProviderJson json_;
  ThinkBlock thoughts_;
  ToolCallAssembler tool_calls_;
  std::string id_;
  std::string model_;
  bool ids_given_ = false;
  bool has_deltas_ = false;
  bool is_function_call_ = false;
  bool finished_ = false;
  bool done_ = false;
};

// What an error object of the dialect (`{"error": ...}` and its relatives) says; empty fields where
// `body` is none.
ProviderError ReadOpenAiError(std::string_view body);

}  // namespace mom

#endif  // MOM_MODEL_OPENAI_DECODER_H_
