#include "service/engine/member_request.h"

#include <algorithm>
#include <utility>

#include "service/base/reasons.h"
#include "service/contract/tool_calls.h"

namespace mom {
namespace {

bool IsImage(const ContentPart& part) { return std::holds_alternative<ImagePart>(part); }

void DropTools(ChatRequest& chat) {
  chat.tools.clear();
  chat.tool_choice.reset();
  chat.params.parallel_tool_calls.reset();
}

// `key`: that of the model which says that it cannot.
Status CannotTake(const ModelConfig& model, const std::string& request_does, const char* key) {
  ErrorInfo info;
  info.reason = reason::kUnsupportedInput;
  const std::string path = "models." + model.name + "." + key;
  info.metadata["config_key"] = path;
  return MakeError(StatusCode::kInvalidArgument,
                   "the request " + request_does + ", and " + path +
                       " is false; ask another "
                       "model, or write true where it can take " +
                       key,
                   std::move(info));
}

}  // namespace

bool HasImages(const ChatRequest& chat) {
  return std::any_of(chat.messages.begin(), chat.messages.end(), [](const Message& message) {
    return std::any_of(message.content.begin(), message.content.end(), IsImage);
  });
}

std::shared_ptr<const ChatRequest> WithoutWhatItCannotTake(
    const std::shared_ptr<const ChatRequest>& chat, const ModelConfig& model) {
  const bool drop_tools = !model.tools && !chat->tools.empty();
  const bool drop_images = !model.images && HasImages(*chat);
  if (!drop_tools && !drop_images) return chat;
  auto copy = std::make_shared<ChatRequest>(*chat);
  if (drop_tools) DropTools(*copy);
  if (!drop_images) return copy;
  TextPart word;
  word.text = "[an image, left out]";
  for (Message& message : copy->messages) {
    std::replace_if(message.content.begin(), message.content.end(), IsImage, ContentPart(word));
  }
  return copy;
}

StatusOr<std::shared_ptr<const ChatRequest>> MemberRequest(
    const std::shared_ptr<const ChatRequest>& chat, const ModelConfig& model,
    const MixtureConfig& mixture, int sample) {
  if (!model.images && HasImages(*chat)) return CannotTake(model, "has images", "images");
  const bool drop_tools = !model.tools && !chat->tools.empty();
  if (drop_tools && DemandsCall(*chat)) return CannotTake(model, "demands a tool call", "tools");
  const std::int64_t tokens = EstimatePromptTokens(*chat);
  if (model.context_window > 0 && tokens > model.context_window) {
    ErrorInfo info;
    info.reason = reason::kContextLengthExceeded;
    info.metadata["context_window"] = std::to_string(model.context_window);
    info.metadata["prompt_tokens"] = std::to_string(tokens);
    return MakeError(StatusCode::kInvalidArgument,
                     "the conversation (about " + std::to_string(tokens) +
                         " tokens) does not fit the context window of model `" + model.name +
                         "` (" + std::to_string(model.context_window) +
                         " tokens); shorten it, or ask a model with a larger one",
                     std::move(info));
  }
  const bool move_seed = sample > 0 && chat->params.seed;
  if (!drop_tools && !move_seed && mixture.member_system_prompt.empty()) return chat;
  auto copy = std::make_shared<ChatRequest>(*chat);
  if (drop_tools) DropTools(*copy);
  if (move_seed) *copy->params.seed += sample;
  if (!mixture.member_system_prompt.empty()) {
    Message message;
    message.role = Role::kSystem;
    TextPart text;
    text.text = mixture.member_system_prompt;
    message.content.emplace_back(std::move(text));
    copy->messages.insert(copy->messages.begin(), std::move(message));
  }
  return std::shared_ptr<const ChatRequest>(std::move(copy));
}

}  // namespace mom
