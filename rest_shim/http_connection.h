// One client's connection: its requests, one after the other.
#ifndef MOM_REST_SHIM_HTTP_CONNECTION_H_
#define MOM_REST_SHIM_HTTP_CONNECTION_H_

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "rest_shim/http_exchange.h"
#include "rest_shim/http_server.h"
#include "rest_shim/openai_error.h"
#include "service/base/async_event.h"
#include "service/base/deadline.h"

namespace mom::rest {

class ConnectionExchange;

// Reads requests and hands them to the handler, with an eye on the client all the while: its FIN
// cancels the handler. Lives in the coroutine that runs Run(). Thread: its loop's only.
class HttpConnection {
 public:
  HttpConnection(asio::ip::tcp::socket socket, HttpServer& server);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  // Ends when the connection does. Never throws.
  asio::awaitable<void> Run();

  // Called by the server's sweep: ends what takes too long.
  void CheckTime();
  // Called when the server drains: between two requests there is nothing to wait for.
  void CloseIfIdle();
  // Called when the drain is over: a request that is still being read is refused.
  void EndReading();
  void Close();

 private:
  friend class ConnectionExchange;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using ErrorCode = boost::system::error_code;
  enum class Phase { kIdle, kHeader, kBody, kHandling, kLinger };

  // Tells a client for which there is no place, and takes no request of its.
  asio::awaitable<void> TurnAway();

  // Reads one request. False: there is none, and an answer that says why, where one is due, was
  // sent.
  asio::awaitable<bool> ReadRequest();
  // One more piece from the socket.
  asio::awaitable<ErrorCode> Fill();
  // Tells a client that waits for it that it may send the body. False: it has gone.
  asio::awaitable<bool> Continue();
  // Answers what is no acceptable request; the connection ends with it.
  asio::awaitable<void> Refuse(ErrorCode error);
  HttpRequest TakeRequest();

  // Answers the request that was read; gives whether the connection can take another one.
  asio::awaitable<bool> Answer();
  // Runs the handler; what it throws beside a cancellation becomes a 500.
  asio::awaitable<void> Handle(ConnectionExchange& exchange);
  // Ends when the client has gone. Bytes that come meanwhile are kept for the next request.
  asio::awaitable<void> WatchClient();
  // Takes in what the client still sends, so that it comes to read our answer.
  asio::awaitable<void> Linger();

  void Enter(Phase phase);
  // Ends the reading of a request with this error.
  void Interrupt(ApiError why);
  // Counts what this connection holds of bodies; false where all would then hold too much.
  bool Hold(std::int64_t bytes);
  // Of the request that is being read, as far as is known.
  std::int64_t BodyBytes() const;
  // Gives false where the client has gone or has not read for too long.
  asio::awaitable<bool> WriteAll(const std::string& head, const std::string& body);
  bool draining() const { return server_.draining(); }
  bool is_reading() const { return phase_ == Phase::kHeader || phase_ == Phase::kBody; }

  asio::ip::tcp::socket socket_;
  HttpServer& server_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  Phase phase_ = Phase::kIdle;
  Deadline deadline_;
  std::optional<ApiError> interrupted_;
  std::int64_t held_bytes_ = 0;
  bool turned_away_ = false;
  AsyncEvent closed_;
};

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_HTTP_CONNECTION_H_
