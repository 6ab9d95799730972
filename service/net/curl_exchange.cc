#include "service/net/curl_exchange.h"

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "service/base/reasons.h"
#include "service/net/curl_failure.h"

namespace mom {
namespace {

// Old enough connections are not used again, so that a change of an address, or of the file of
// trusted certificates, is noticed.
constexpr long kMaxConnectionSeconds = 600;

// A body that unpacks to more than so many times its size is no answer. libcurl unpacks all of one
// read at once, and the loop stands still meanwhile.
constexpr std::int64_t kMostUnpacked = 100;

const std::string* FindHeader(const HttpHeaders& headers, absl::string_view name) {
  for (const auto& [key, value] : headers) {
    if (absl::EqualsIgnoreCase(key, name)) return &value;
  }
  return nullptr;
}

// Compressing a stream of events holds them back; a plain document is worth it.
const char* AcceptedEncodings(const HttpHeaders& headers) {
  const std::string* const accept = FindHeader(headers, "accept");
  const bool is_stream = accept != nullptr && absl::StrContains(*accept, "text/event-stream");
  return is_stream ? "identity" : "gzip, deflate";
}

}  // namespace

CurlExchange::CurlExchange(std::shared_ptr<CurlMulti> multi, const HttpClientOptions& options,
                           HttpRequest request, HttpTarget target)
    : multi_(std::move(multi)),
      max_response_bytes_(options.max_response_bytes),
      buffer_bytes_(static_cast<std::size_t>(options.buffer_bytes)),
      request_(std::move(request)),
      easy_(curl_easy_init()),
      changed_(multi_->loop().get_executor()) {
  if (!easy_) throw std::bad_alloc();
  SetUp(options, target);
  SetUpRequest();
  SetUpHeaders();
  multi_->Add(easy_.get(), this);
}

CurlExchange::~CurlExchange() { multi_->Remove(easy_.get()); }

template <typename Value>
void CurlExchange::Set(CURLoption option, Value value) {
  const CURLcode result = curl_easy_setopt(easy_.get(), option, value);
  if (result != CURLE_OK) throw std::runtime_error(curl_easy_strerror(result));
}

void CurlExchange::SetUp(const HttpClientOptions& options, HttpTarget target) {
  Set(CURLOPT_ERRORBUFFER, error_text_.data());
  Set(CURLOPT_NOSIGNAL, 1L);    // signals and threads do not mix; Asio ignores SIGPIPE for us
  Set(CURLOPT_QUICK_EXIT, 1L);  // else a cancel waits for the thread that looks up the name
  Set(CURLOPT_PROTOCOLS_STR, "http,https");
  Set(CURLOPT_FOLLOWLOCATION, 0L);
  SetUpTls();
  Set(CURLOPT_TCP_NODELAY, 1L);
  Set(CURLOPT_TCP_KEEPALIVE, 1L);  // a model may think in silence for minutes
  Set(CURLOPT_MAXLIFETIME_CONN, kMaxConnectionSeconds);
  Set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);  // a proxy's are not the response's
  if (target.loopback) Set(CURLOPT_NOPROXY, "*");
  const auto connect_ms = std::max<std::int64_t>(1, request_.connect_timeout.count());
  Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_ms));
  Set(CURLOPT_USERAGENT, options.user_agent.c_str());
  Set(CURLOPT_PREREQFUNCTION, &OnSend);
  Set(CURLOPT_PREREQDATA, this);
  Set(CURLOPT_HEADERFUNCTION, &OnHeader);
  Set(CURLOPT_HEADERDATA, this);
  Set(CURLOPT_WRITEFUNCTION, &OnBody);
  Set(CURLOPT_WRITEDATA, this);
}

// Certificates are checked, whatever anybody may have set.
void CurlExchange::SetUpTls() {
  Set(CURLOPT_SSL_VERIFYPEER, 1L);
  Set(CURLOPT_SSL_VERIFYHOST, 2L);
  Set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  const auto version = request_.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1;
  Set(CURLOPT_HTTP_VERSION, static_cast<long>(version));
  if (!request_.ca_file.empty()) Set(CURLOPT_CAINFO, request_.ca_file.c_str());
  // Debian's folder has only what its file has. Without a folder libcurl keeps what it has read of
  // the file, which saves 22 of 25 ms CPU a connection.
  Set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  Set(CURLOPT_CA_CACHE_TIMEOUT, kMaxConnectionSeconds);
}

void CurlExchange::SetUpRequest() {
  Set(CURLOPT_URL, request_.url.c_str());
  if (request_.method == "HEAD") {
    Set(CURLOPT_NOBODY, 1L);
  } else if (request_.method != "GET" || !request_.body.empty()) {
    Set(CURLOPT_POST, 1L);
    Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    Set(CURLOPT_POSTFIELDS, request_.body.data());
    Set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }
}

void CurlExchange::SetUpHeaders() {
  Set(CURLOPT_ACCEPT_ENCODING, AcceptedEncodings(request_.headers));
  for (const auto& [name, value] : request_.headers) {
    AddHeaderLine(value.empty() ? name + ";" : name + ": " + value);
  }
  // What libcurl would add by itself: a wait for "100 Continue" and a type of its own.
  AddHeaderLine("Expect:");
  if (FindHeader(request_.headers, "content-type") == nullptr) AddHeaderLine("Content-Type:");
  Set(CURLOPT_HTTPHEADER, header_lines_.get());
}

void CurlExchange::AddHeaderLine(const std::string& line) {
  curl_slist* const longer = curl_slist_append(header_lines_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(header_lines_.release());  // it is part of the longer list
  header_lines_.reset(longer);
}

asio::awaitable<Status> CurlExchange::WaitForHead(Deadline deadline) {
  while (!head_.complete() && !done_) {
    changed_.Clear();
    const bool in_time = co_await changed_.Wait(deadline);
    if (!in_time) co_return CurlDeadline(easy_.get(), "the response");
  }
  if (head_.complete()) co_return absl::OkStatus();
  co_return failure_;
}

asio::awaitable<StatusOr<std::optional<std::string>>> CurlExchange::Next(Deadline deadline) {
  while (buffer_.empty() && !done_) {
    changed_.Clear();
    const bool in_time = co_await changed_.Wait(deadline);
    if (!in_time) co_return CurlDeadline(easy_.get(), "the rest of the response");
  }
  std::optional<std::string> bytes;
  if (buffer_.empty()) {
    if (!failure_.ok()) co_return failure_;
    co_return bytes;
  }
  bytes = std::exchange(buffer_, {});
  // This fills the buffer again, up to the next pause: the provider goes on while we work.
  if (std::exchange(paused_, false)) multi_->Unpause(easy_.get());
  co_return bytes;
}

int CurlExchange::OnSend(void* self, char*, char*, int, int) {
  return static_cast<CurlExchange*>(self)->MaySend() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

std::size_t CurlExchange::OnHeader(char* data, std::size_t, std::size_t size, void* self) {
  return static_cast<CurlExchange*>(self)->TakeHeaderLine(std::string_view(data, size));
}

std::size_t CurlExchange::OnBody(char* data, std::size_t, std::size_t size, void* self) {
  return static_cast<CurlExchange*>(self)->TakeBody(std::string_view(data, size));
}

// libcurl sends a request again by itself where a connection that it had kept broke before any
// answer. The provider may have taken it, so that is up to the one who counts the calls.
bool CurlExchange::MaySend() {
  if (IsSurelyUnsent(easy_.get())) return true;
  ErrorInfo info;
  info.reason = reason::kUpstreamConnectionLost;
  info.metadata["kept_connection"] = "true";
  failure_ = MakeError(StatusCode::kUnavailable, "the connection broke before any answer",
                       std::move(info));
  return false;
}

// Anything but the size makes libcurl end the transfer with CURLE_WRITE_ERROR.
std::size_t CurlExchange::TakeHeaderLine(std::string_view line) {
  failure_ = head_.TakeLine(line);
  if (!failure_.ok()) return 0;
  if (head_.complete()) {
    is_packed_ = FindHeader(head_.headers(), "content-encoding") != nullptr;
    changed_.Set();
  }
  return line.size();
}

std::size_t CurlExchange::TakeBody(std::string_view bytes) {
  // What libcurl has unpacked it keeps while we pause, without a limit, and moves it about with
  // each piece that we take of it.
  const bool can_pause = !is_packed_ && !buffer_.empty();
  if (can_pause && buffer_.size() + bytes.size() > buffer_bytes_) {
    paused_ = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  received_ += static_cast<std::int64_t>(bytes.size());
  if (received_ > max_response_bytes_ || UnpacksTooMuch()) {
    failure_ = MakeError(StatusCode::kResourceExhausted, "the response is too large",
                         reason::kUpstreamTooLarge);
    return 0;
  }
  buffer_.append(bytes);
  changed_.Set();
  return bytes.size();
}

bool CurlExchange::UnpacksTooMuch() const {
  if (!is_packed_) return false;
  curl_off_t packed = 0;  // may lack the read that is being unpacked
  curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T, &packed);
  return received_ > kMostUnpacked * (packed + CURL_MAX_WRITE_SIZE);
}

void CurlExchange::OnDone(CURLcode result) {
  done_ = true;
  paused_ = false;
  if (result != CURLE_OK && failure_.ok()) {
    failure_ = CurlFailure(easy_.get(), result, error_text_.data());
  }
  changed_.Set();
}

}  // namespace mom
