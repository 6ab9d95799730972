#include "service/net/curl_failure.h"

#include <string>
#include <utility>

#include "service/base/reasons.h"

namespace mom {
namespace {

struct Meaning {
  StatusCode code;
  const char* reason;
};

// libcurl has one code for all failures of the TLS handshake. A connection that broke is not the
// server's certificate or version being wrong, so it may be tried again.
bool BrokeInHandshake(std::string_view detail) {
  for (const std::string_view sign : {"SSL_ERROR_SYSCALL", "reset by peer", "unexpected eof"}) {
    if (detail.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

Meaning MeaningOf(CURLcode result, std::string_view detail) {
  switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {StatusCode::kUnavailable, reason::kUpstreamDns};
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
      return {StatusCode::kUnavailable, reason::kUpstreamConnect};
    case CURLE_SSL_CONNECT_ERROR:
      if (BrokeInHandshake(detail)) return {StatusCode::kUnavailable, reason::kUpstreamConnect};
      [[fallthrough]];
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return {StatusCode::kFailedPrecondition, reason::kUpstreamTls};
    case CURLE_OPERATION_TIMEDOUT:  // no other time limit is given to libcurl
      return {StatusCode::kDeadlineExceeded, reason::kConnectTimeout};
    case CURLE_UNSUPPORTED_PROTOCOL:  // HTTP/0.9
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
      return {StatusCode::kUnavailable, reason::kUpstreamProtocol};
    case CURLE_OUT_OF_MEMORY:  // how this version reports a header line beyond its own limit
      return {StatusCode::kResourceExhausted, reason::kUpstreamTooLarge};
    default:
      return {StatusCode::kUnavailable, reason::kUpstreamConnectionLost};
  }
}

ErrorInfo Info(CURL* easy, const char* reason) {
  ErrorInfo info;
  info.reason = reason;
  if (IsSurelyUnsent(easy)) info.metadata["request_sent"] = "false";
  return info;
}

}  // namespace

// libcurl counts the bytes of the request that the kernel took.
bool IsSurelyUnsent(CURL* easy) {
  long sent = 0;
  curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
  return sent == 0;
}

Status CurlFailure(CURL* easy, CURLcode result, std::string_view detail) {
  const Meaning meaning = MeaningOf(result, detail);
  const std::string_view text = detail.empty() ? curl_easy_strerror(result) : detail;
  return MakeError(meaning.code, text, Info(easy, meaning.reason));
}

Status CurlDeadline(CURL* easy, std::string_view what) {
  return MakeError(StatusCode::kDeadlineExceeded, std::string(what) + " did not come in time",
                   Info(easy, reason::kDeadline));
}

}  // namespace mom
