// One HTTP request and its response over libcurl.
#ifndef MOM_NET_CURL_EXCHANGE_H_
#define MOM_NET_CURL_EXCHANGE_H_

#include <curl/curl.h>

#include <array>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "service/base/async_event.h"
#include "service/base/deadline.h"
#include "service/base/status.h"
#include "service/net/curl_http_client.h"
#include "service/net/curl_multi.h"
#include "service/net/http_client.h"
#include "service/net/http_request_check.h"
#include "service/net/response_head.h"

namespace mom {

// First waits for the head of the response, then is its body. Owner: Send()'s frame, then the
// response. Shares the CurlMulti, which so outlives every transfer. Thread: its loop's only.
class CurlExchange final : public HttpBody, private CurlTransfer {
 public:
  // Starts the request, which CheckHttpRequest() has found to be good.
  CurlExchange(std::shared_ptr<CurlMulti> multi, const HttpClientOptions& options,
               HttpRequest request, HttpTarget target);
  ~CurlExchange() override;  // Ends it at once, wherever it is.
  CurlExchange(const CurlExchange&) = delete;
  CurlExchange& operator=(const CurlExchange&) = delete;

  // Suspends until the head is here; errors and cancellation as HttpClient::Send.
  asio::awaitable<Status> WaitForHead(Deadline deadline);
  ResponseHead& head() { return head_; }

  asio::awaitable<StatusOr<std::optional<std::string>>> Next(Deadline deadline) override;

 private:
  template <typename Value>
  void Set(CURLoption option, Value value);
  void SetUp(const HttpClientOptions& options, HttpTarget target);
  void SetUpTls();
  void SetUpRequest();
  void SetUpHeaders();
  void AddHeaderLine(const std::string& line);

  static int OnSend(void* self, char*, char*, int, int);
  static std::size_t OnHeader(char* data, std::size_t, std::size_t size, void* self);
  static std::size_t OnBody(char* data, std::size_t, std::size_t size, void* self);
  bool MaySend();
  std::size_t TakeHeaderLine(std::string_view line);
  std::size_t TakeBody(std::string_view bytes);
  bool UnpacksTooMuch() const;
  void OnDone(CURLcode result) override;

  std::shared_ptr<CurlMulti> multi_;
  const std::int64_t max_response_bytes_;
  const std::size_t buffer_bytes_;
  const HttpRequest request_;  // libcurl reads the body from here
  std::array<char, CURL_ERROR_SIZE> error_text_ = {};
  struct EasyDeleter {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  std::unique_ptr<curl_slist, ListDeleter> header_lines_;
  std::unique_ptr<CURL, EasyDeleter> easy_;

  AsyncEvent changed_;
  ResponseHead head_;
  std::string buffer_;         // bytes of the body that nobody has read
  std::int64_t received_ = 0;  // bytes of the body so far
  bool is_packed_ = false;     // the body is, until libcurl has unpacked it
  bool paused_ = false;
  bool done_ = false;
  Status failure_;  // why it broke off
};

}  // namespace mom

#endif  // MOM_NET_CURL_EXCHANGE_H_
