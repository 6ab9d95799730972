#include "service/model/openai_translator.h"

#include <chrono>

#include "service/model/openai_decoder.h"
#include "service/model/openai_encoder.h"
#include "service/model/retry_after.h"

namespace mom {

HttpRequest OpenAiTranslator::EncodeRequest(const ProviderConfig& provider,
                                            const ModelConfig& model,
                                            const ChatRequest& request) const {
  HttpRequest http;
  http.url = provider.base_url + "/chat/completions";
  http.headers.emplace_back("Content-Type", "application/json");
  http.headers.emplace_back("Accept", "text/event-stream");
  if (!provider.api_key.empty()) {
    http.headers.emplace_back("Authorization", "Bearer " + std::string(provider.api_key.Reveal()));
  }
  http.headers.insert(http.headers.end(), provider.headers.begin(), provider.headers.end());
  http.body = EncodeOpenAiBody(provider, model, request);
  return http;
}

std::unique_ptr<StreamDecoder> OpenAiTranslator::NewDecoder() const {
  return std::make_unique<OpenAiDecoder>();
}

StatusOr<ChatDelta> OpenAiTranslator::DecodeWhole(std::string_view body) const {
  return OpenAiDecoder().DecodeWhole(body);
}

Status OpenAiTranslator::DecodeError(const HttpResponse& head, std::string_view body) const {
  ProviderError error = ReadOpenAiError(body);
  error.http_status = head.status;
  error.retry_after = RetryAfter(head, std::chrono::system_clock::now());
  return MapProviderError(error);
}

}  // namespace mom
