// OpenAI's Chat Completions dialect, which most providers and local servers speak.
#ifndef MOM_MODEL_OPENAI_TRANSLATOR_H_
#define MOM_MODEL_OPENAI_TRANSLATOR_H_

#include "service/model/translator.h"

namespace mom {

class OpenAiTranslator final : public Translator {
 public:
  HttpRequest EncodeRequest(const ProviderConfig& provider, const ModelConfig& model,
                            const ChatRequest& request) const override;
  std::unique_ptr<StreamDecoder> NewDecoder() const override;
  StatusOr<ChatDelta> DecodeWhole(std::string_view body) const override;
  Status DecodeError(const HttpResponse& head, std::string_view body) const override;
};

}  // namespace mom

#endif  // MOM_MODEL_OPENAI_TRANSLATOR_H_
