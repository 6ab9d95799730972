#include "service/base/async_event.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace mom {
namespace {

asio::awaitable<void> ThrowIfCancelled() {
  const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
}

}  // namespace

asio::awaitable<bool> AsyncEvent::Wait(Deadline deadline) {
  while (!set_) {
    if (deadline.Passed()) co_return false;
    timer_.expires_at(deadline.time());
    boost::system::error_code ignored;
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    co_await timer_.async_wait(token);
    co_await ThrowIfCancelled();
  }
  co_return true;
}

asio::awaitable<void> SleepUntil(Deadline deadline) {
  AsyncEvent never(co_await asio::this_coro::executor);
  co_await never.Wait(deadline);
}

}  // namespace mom
