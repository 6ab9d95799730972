// The `base_url` of a provider.
#ifndef MOM_MODEL_BASE_URL_H_
#define MOM_MODEL_BASE_URL_H_

#include <string>
#include <string_view>

#include "service/base/status.h"

namespace mom {

struct BaseUrl {
  std::string text;  // without a trailing slash
  std::string host;  // in lower case, without port and brackets
  bool has_path = false;
};

// Takes https:// URLs, and http:// ones of this machine; no user, query or fragment. An error's
// message is "what is wrong; what to write instead" and never repeats the URL, as there may be a
// key in it.
StatusOr<BaseUrl> ParseBaseUrl(const std::string& url);

// Whether a base URL has a version as a part of its path, such as /v1 or /v1beta: most APIs do.
bool HasVersion(std::string_view base_url);

}  // namespace mom

#endif  // MOM_MODEL_BASE_URL_H_
