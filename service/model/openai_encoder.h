// Writes requests in OpenAI's Chat Completions dialect.
#ifndef MOM_MODEL_OPENAI_ENCODER_H_
#define MOM_MODEL_OPENAI_ENCODER_H_

#include <string>

#include "service/model/chat.h"
#include "service/model/model_config.h"

namespace mom {

// The body that asks for a streamed answer. Of a parameter the request's own value holds, its
// extra_body before its params, then the model's config. The same messages give the same bytes, and
// a conversation that goes on has the bytes of the earlier one's messages as its prefix: providers'
// prompt caches live of that.
std::string EncodeOpenAiBody(const ProviderConfig& provider, const ModelConfig& model,
                             const ChatRequest& request);

}  // namespace mom

#endif  // MOM_MODEL_OPENAI_ENCODER_H_
