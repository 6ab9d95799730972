#include "service/net/curl_failure.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include "service/base/reasons.h"

namespace mom {
namespace {

struct Meaning {
  StatusCode code;
  const char* reason;
  const char* sentence;
};

constexpr Meaning kDns{StatusCode::kUnavailable, reason::kUpstreamDns,
                       "its host name has no address"};
constexpr Meaning kRefused{StatusCode::kUnavailable, reason::kUpstreamConnect,
                           "nobody listens there"};
constexpr Meaning kNoWay{StatusCode::kUnavailable, reason::kUpstreamConnect,
                         "the network has no way there"};
constexpr Meaning kBrokenHandshake{StatusCode::kUnavailable, reason::kUpstreamConnect,
                                   "the connection broke before it was encrypted"};
constexpr Meaning kConnectTimeout{StatusCode::kDeadlineExceeded, reason::kConnectTimeout,
                                  "no connection in time"};
constexpr Meaning kNoHttp{StatusCode::kUnavailable, reason::kUpstreamProtocol,
                          "the answer is no HTTP"};
constexpr Meaning kNotUnpacked{StatusCode::kUnavailable, reason::kUpstreamProtocol,
                               "the packed answer cannot be unpacked"};
// How this version of libcurl reports a header line beyond its own limit.
constexpr Meaning kLongHeader{StatusCode::kResourceExhausted, reason::kUpstreamTooLarge,
                              "a header line of the answer is too long"};
constexpr Meaning kLost{StatusCode::kUnavailable, reason::kUpstreamConnectionLost,
                        "the connection broke before the end of the answer"};

// libcurl tells the failures of a handshake apart only in its text. The first sign counts.
constexpr std::array<std::pair<std::string_view, const char*>, 9> kTlsSigns{{
    {"certificate has expired", "its certificate has expired"},
    {"not yet valid", "its certificate is not valid yet"},
    {"subject name", "its certificate is of another host"},
    {"self-signed", "its certificate is of an authority that is not trusted"},
    {"self signed", "its certificate is of an authority that is not trusted"},
    {"local issuer", "its certificate is of an authority that is not trusted"},
    {"wrong version number", "it does not speak TLS there"},
    {"unsupported protocol", "it speaks only a TLS that is too old"},
    {"protocol version", "it speaks only a TLS that is too old"},
}};

std::string TlsSentence(CURLcode result, std::string_view detail) {
  if (result == CURLE_SSL_CACERT_BADFILE) return "the file of trusted authorities cannot be read";
  const auto* const sign = std::find_if(kTlsSigns.begin(), kTlsSigns.end(), [&](const auto& one) {
    return detail.find(one.first) != std::string_view::npos;
  });
  if (sign != kTlsSigns.end()) return sign->second;
  return "no safe connection: " + std::string(detail.empty() ? curl_easy_strerror(result) : detail);
}

// libcurl has one code for all failures of the TLS handshake. A connection that broke is not the
// server's certificate or version being wrong, so it may be tried again.
bool BrokeInHandshake(std::string_view detail) {
  for (const std::string_view sign : {"SSL_ERROR_SYSCALL", "reset by peer", "unexpected eof"}) {
    if (detail.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

bool IsTlsFailure(CURLcode result, std::string_view detail) {
  switch (result) {
    case CURLE_SSL_CONNECT_ERROR:
      return !BrokeInHandshake(detail);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return true;
    default:
      return false;
  }
}

// Of all but TLS.
const Meaning& MeaningOf(CURL* easy, CURLcode result) {
  long error_number = 0;
  switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return kDns;
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
      curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &error_number);
      return error_number == ECONNREFUSED ? kRefused : kNoWay;
    case CURLE_SSL_CONNECT_ERROR:
      return kBrokenHandshake;
    case CURLE_OPERATION_TIMEDOUT:  // no other time limit is given to libcurl
      return kConnectTimeout;
    case CURLE_UNSUPPORTED_PROTOCOL:  // HTTP/0.9
    case CURLE_WEIRD_SERVER_REPLY:
      return kNoHttp;
    case CURLE_BAD_CONTENT_ENCODING:
      return kNotUnpacked;
    case CURLE_OUT_OF_MEMORY:
      return kLongHeader;
    default:
      return kLost;
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
  if (IsTlsFailure(result, detail)) {
    return MakeError(StatusCode::kFailedPrecondition, TlsSentence(result, detail),
                     Info(easy, reason::kUpstreamTls));
  }
  const Meaning& meaning = MeaningOf(easy, result);
  return MakeError(meaning.code, meaning.sentence, Info(easy, meaning.reason));
}

Status CurlDeadline(CURL* easy, std::string_view what) {
  return MakeError(StatusCode::kDeadlineExceeded, std::string(what) + " did not come in time",
                   Info(easy, reason::kDeadline));
}

}  // namespace mom
