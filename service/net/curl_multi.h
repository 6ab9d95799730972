// libcurl's multi interface on an Asio loop.
#ifndef MOM_NET_CURL_MULTI_H_
#define MOM_NET_CURL_MULTI_H_

#include <curl/curl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>

namespace mom {

namespace asio = boost::asio;

// Who is told that a transfer is over.
class CurlTransfer {
 public:
  virtual ~CurlTransfer() = default;
  // Called once, from the loop and never from inside a curl callback; the easy handle has been
  // removed already.
  virtual void OnDone(CURLcode result) = 0;
};

// One CURLM with its connection cache, driven by curl_multi_socket_action. No two transfers share a
// connection at a time. All sockets hang in one epoll descriptor of our own, which Asio waits for:
// fair under saturation, where one wait for each socket is not. A zero timeout of libcurl's is
// posted, not armed. Without transfers nothing is outstanding on the loop, so it can run dry.
// Thread: its loop's only. Lifetime: all transfers must be removed before it goes, and the loop
// must still be there.
class CurlMulti {
 public:
  // `max_connections` bounds the idle connections that are kept.
  CurlMulti(asio::io_context& loop, long max_connections);
  ~CurlMulti();
  CurlMulti(const CurlMulti&) = delete;
  CurlMulti& operator=(const CurlMulti&) = delete;

  // Starts a transfer; the handle's CURLOPT_PRIVATE becomes `transfer`. Not from a curl callback.
  void Add(CURL* easy, CurlTransfer* transfer);
  // Ends a transfer at once, without OnDone; nothing happens where it is over. If its response was
  // not read to the end, its connection is closed. Not from a curl callback.
  void Remove(CURL* easy);
  // Resumes a transfer that its write callback has paused. It calls that callback at once with what
  // libcurl holds; if the callback refuses it, OnDone is called before this returns.
  void Unpause(CURL* easy);

  // Transfers that are not over.
  int active() const { return active_; }
  asio::io_context& loop() { return loop_; }

 private:
  static int OnSocket(CURL* easy, curl_socket_t socket, int what, void* self, void* known);
  static int OnTimer(CURLM* multi, long timeout_ms, void* self);
  void Watch(curl_socket_t socket, int what, bool known);
  void WaitForSockets();
  void OnReadable();
  void ArmTimer(std::chrono::milliseconds timeout);
  void PostKick();
  void Kick();
  void ReapDone();
  CurlTransfer* Detach(CURL* easy);
  void End(CURL* easy, CURLcode result);

  asio::io_context& loop_;
  CURLM* multi_;
  asio::posix::stream_descriptor epoll_;
  asio::steady_timer timer_;
  int active_ = 0;
  bool waiting_ = false;
  bool kick_posted_ = false;
  // Handlers that outlive this object see it gone.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace mom

#endif  // MOM_NET_CURL_MULTI_H_
