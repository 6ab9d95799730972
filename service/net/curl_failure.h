// What a failed transfer means.
#ifndef MOM_NET_CURL_FAILURE_H_
#define MOM_NET_CURL_FAILURE_H_

#include <curl/curl.h>

#include <string_view>

#include "service/base/status.h"

namespace mom {

// The failure that libcurl reports by `result` (not CURLE_OK), with the codes and reasons of
// HttpClient::Send, in plain words. `detail` is libcurl's error text, which is read for what it
// says and passed on only where that is nothing known; it names hosts, never paths or headers.
Status CurlFailure(CURL* easy, CURLcode result, std::string_view detail);

// The caller's time is up. `what` did not come.
Status CurlDeadline(CURL* easy, std::string_view what);

// Whether it is certain that the server has seen nothing of the request.
bool IsSurelyUnsent(CURL* easy);

}  // namespace mom

#endif  // MOM_NET_CURL_FAILURE_H_
