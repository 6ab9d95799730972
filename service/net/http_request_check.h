// What may be sent: checks before libcurl, which sends header lines as they are.
#ifndef MOM_NET_HTTP_REQUEST_CHECK_H_
#define MOM_NET_HTTP_REQUEST_CHECK_H_

#include "service/base/status.h"
#include "service/net/http_client.h"

namespace mom {

// What the URL of a request says, by libcurl's own parser, so that the check and the use agree.
struct HttpTarget {
  bool tls = false;
  bool loopback = false;  // this machine, by name or address: never through a proxy
};

// kInvalidArgument for a URL that is not http or https, a method or header name that is no token,
// a header value with anything but printable ASCII and tabs. The text never repeats a value.
StatusOr<HttpTarget> CheckHttpRequest(const HttpRequest& request);

}  // namespace mom

#endif  // MOM_NET_HTTP_REQUEST_CHECK_H_
