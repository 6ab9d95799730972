#include "service/net/curl_multi.h"

#include <sys/epoll.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace mom {
namespace {

// Sockets handled before other handlers of the loop get their turn.
constexpr int kBatch = 64;

void Check(CURLMcode code) {
  if (code != CURLM_OK) throw std::runtime_error(curl_multi_strerror(code));
}

CURLM* NewMulti() {
  // The first of all threads initialises libcurl, the others wait for it.
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  CURLM* const multi = initialised == CURLE_OK ? curl_multi_init() : nullptr;
  if (multi == nullptr) throw std::runtime_error("libcurl cannot be initialised");
  return multi;
}

int NewEpoll() {
  const int descriptor = epoll_create1(EPOLL_CLOEXEC);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return descriptor;
}

CurlTransfer* TransferOf(CURL* easy) {
  char* transfer = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
  return reinterpret_cast<CurlTransfer*>(transfer);
}

// An error or a hang-up is not handed on as CURL_CSELECT_ERR, which would lose bytes that can still
// be read: the read or write itself finds out.
int ActionOf(std::uint32_t events) {
  constexpr std::uint32_t kBroken = EPOLLERR | EPOLLHUP;
  int action = 0;
  if (events & (EPOLLIN | kBroken)) action |= CURL_CSELECT_IN;
  if (events & (EPOLLOUT | kBroken)) action |= CURL_CSELECT_OUT;
  return action;
}

}  // namespace

CurlMulti::CurlMulti(asio::io_context& loop, long max_connections)
    : loop_(loop), multi_(NewMulti()), epoll_(loop, NewEpoll()), timer_(loop) {
  Check(curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &OnSocket));
  Check(curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this));
  Check(curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &OnTimer));
  Check(curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this));
  Check(curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, max_connections));
  Check(curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_NOTHING));
}

CurlMulti::~CurlMulti() {
  *alive_ = false;
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, nullptr);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, nullptr);
  curl_multi_cleanup(multi_);
}

void CurlMulti::Add(CURL* easy, CurlTransfer* transfer) {
  curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
  Check(curl_multi_add_handle(multi_, easy));
  ++active_;
  WaitForSockets();
}

void CurlMulti::Remove(CURL* easy) {
  if (TransferOf(easy) == nullptr) return;
  // Else it would keep an HTTP/2 connection.
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  Detach(easy);
}

void CurlMulti::Unpause(CURL* easy) {
  const CURLcode result = curl_easy_pause(easy, CURLPAUSE_CONT);
  if (result != CURLE_OK) End(easy, result);
}

int CurlMulti::OnSocket(CURL*, curl_socket_t socket, int what, void* self, void* known) {
  static_cast<CurlMulti*>(self)->Watch(socket, what, known != nullptr);
  return 0;
}

// Should epoll_ctl fail (the kernel is out of memory), the transfer stalls until its deadline.
void CurlMulti::Watch(curl_socket_t socket, int what, bool known) {
  const int epoll = epoll_.native_handle();
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nullptr);
    return;
  }
  epoll_event event = {};
  event.data.fd = socket;
  if (what & CURL_POLL_IN) event.events |= EPOLLIN;
  if (what & CURL_POLL_OUT) event.events |= EPOLLOUT;
  epoll_ctl(epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
  // libcurl hands this mark back as `known`, and forgets it when it removes the socket.
  curl_multi_assign(multi_, socket, this);
}

int CurlMulti::OnTimer(CURLM*, long timeout_ms, void* self) {
  CurlMulti* const multi = static_cast<CurlMulti*>(self);
  // There is one timer. A stale one would keep a loop from running dry.
  multi->timer_.cancel();
  if (timeout_ms == 0) {
    multi->PostKick();
  } else if (timeout_ms > 0) {
    multi->ArmTimer(std::chrono::milliseconds(timeout_ms));
  }
  return 0;
}

void CurlMulti::WaitForSockets() {
  if (waiting_) return;
  waiting_ = true;
  epoll_.async_wait(asio::posix::stream_descriptor::wait_read,
                    [this, alive = alive_](const boost::system::error_code& error) {
                      if (!*alive) return;
                      waiting_ = false;
                      if (!error) OnReadable();
                      if (active_ > 0) WaitForSockets();
                    });
}

void CurlMulti::OnReadable() {
  std::array<epoll_event, kBatch> events;
  const int count = epoll_wait(epoll_.native_handle(), events.data(), kBatch, 0);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    int running = 0;
    curl_multi_socket_action(multi_, event.data.fd, ActionOf(event.events), &running);
  }
  ReapDone();
}

// One that fires although it was cancelled does no harm: libcurl looks at its own clock.
void CurlMulti::ArmTimer(std::chrono::milliseconds timeout) {
  timer_.expires_after(timeout);
  timer_.async_wait([this, alive = alive_](const boost::system::error_code& error) {
    if (*alive && !error) Kick();
  });
}

void CurlMulti::PostKick() {
  if (kick_posted_) return;
  kick_posted_ = true;
  asio::post(loop_, [this, alive = alive_] {
    if (!*alive) return;
    kick_posted_ = false;
    Kick();
  });
}

void CurlMulti::Kick() {
  int running = 0;
  curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
  ReapDone();
}

void CurlMulti::ReapDone() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    // Only "done" exists. The message is gone once the handle is removed.
    CURL* const easy = message->easy_handle;
    const CURLcode result = message->data.result;
    End(easy, result);
  }
}

CurlTransfer* CurlMulti::Detach(CURL* easy) {
  CurlTransfer* const transfer = TransferOf(easy);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, nullptr);
  curl_multi_remove_handle(multi_, easy);
  --active_;
  if (active_ == 0 && waiting_) {
    boost::system::error_code ignored;
    epoll_.cancel(ignored);
  }
  return transfer;
}

void CurlMulti::End(CURL* easy, CURLcode result) {
  CurlTransfer* const transfer = Detach(easy);
  transfer->OnDone(result);
}

}  // namespace mom
