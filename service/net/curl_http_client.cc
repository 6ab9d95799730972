#include "service/net/curl_http_client.h"

#include <utility>

#include "service/net/curl_exchange.h"
#include "service/net/curl_multi.h"
#include "service/net/http_request_check.h"

namespace mom {

CurlHttpClient::CurlHttpClient(asio::io_context& loop, HttpClientOptions options)
    : options_(std::move(options)),
      multi_(std::make_shared<CurlMulti>(loop, options_.max_idle_connections)) {}

CurlHttpClient::~CurlHttpClient() = default;

asio::awaitable<StatusOr<HttpResponse>> CurlHttpClient::Send(HttpRequest request,
                                                             Deadline deadline) {
  const StatusOr<HttpTarget> target = CheckHttpRequest(request);
  if (!target.ok()) co_return target.status();
  auto exchange = std::make_unique<CurlExchange>(multi_, options_, std::move(request), *target);
  const Status status = co_await exchange->WaitForHead(deadline);
  if (!status.ok()) co_return status;
  HttpResponse response;
  response.status = exchange->head().status();
  response.headers = std::move(exchange->head().headers());
  response.body = std::move(exchange);
  co_return response;
}

int CurlHttpClient::active_transfers() const { return multi_->active(); }

}  // namespace mom
