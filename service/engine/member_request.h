// What each model is asked of a request.
#ifndef MOM_ENGINE_MEMBER_REQUEST_H_
#define MOM_ENGINE_MEMBER_REQUEST_H_

#include <memory>

#include "service/base/status.h"
#include "service/engine/mixture_config.h"
#include "service/model/chat.h"
#include "service/model/model_config.h"

namespace mom {

// The client's request as `model` can take it: without tools for a model that has none (unless the
// request demands a call), with the mixture's system prompt in front, and with the client's seed
// moved by `sample`, the number of answers that the model was asked for before. An error: it cannot
// be asked at all (images that it does not take, a conversation over its context window by a low
// estimate).
StatusOr<std::shared_ptr<const ChatRequest>> MemberRequest(
    const std::shared_ptr<const ChatRequest>& chat, const ModelConfig& model,
    const MixtureConfig& mixture, int sample = 0);

// The client's request as `model` can take it, who is to judge others' answers to it: without tools
// where it takes none, and with a word in place of each image where it takes none of these.
std::shared_ptr<const ChatRequest> WithoutWhatItCannotTake(
    const std::shared_ptr<const ChatRequest>& chat, const ModelConfig& model);

bool HasImages(const ChatRequest& chat);

}  // namespace mom

#endif  // MOM_ENGINE_MEMBER_REQUEST_H_
