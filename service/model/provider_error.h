// What a provider's report of a failure means to us.
#ifndef MOM_MODEL_PROVIDER_ERROR_H_
#define MOM_MODEL_PROVIDER_ERROR_H_

#include <chrono>
#include <optional>
#include <string>

#include "service/base/status.h"

namespace mom {

// A failure as the provider reported it: the common ground of the dialects.
struct ProviderError {
  int http_status = 0;  // 0: reported inside an answer
  // Of the body, empty where it has none. They are read for known names and phrases and never
  // passed on: a provider's text can echo keys and names of accounts.
  std::string code;
  std::string type;
  std::string message;
  // The parameter that is wrong, by the provider's word; passed on where it can be nothing else.
  std::string param;
  std::optional<std::chrono::milliseconds> retry_after;
};

// Our status for it, with a sentence of our own, reason, retry_after, the field that a rejected
// request is wrong in, where it is named, and, for an HTTP status, the metadata "http_status".
// docs/errors.md, "of a model", has the table.
Status MapProviderError(const ProviderError& error);

}  // namespace mom

#endif  // MOM_MODEL_PROVIDER_ERROR_H_
