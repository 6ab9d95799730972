#include "service/net/event_loop.h"

#include <boost/asio/post.hpp>
#include <exception>

#include "service/base/log.h"

namespace mom {
namespace {

// An exception that leaves a handler is a bug, and the state behind it unknown.
[[noreturn]] void Die(std::string_view what) {
  Log(LogLevel::kError, "event_loop.exception", {{"what", what}});
  std::terminate();
}

void RunToTheEnd(asio::io_context& context) {
  try {
    context.run();
  } catch (const std::exception& error) {
    Die(error.what());
  } catch (...) {
    Die("not a std::exception");
  }
}

}  // namespace

EventLoop::EventLoop(const HttpClientOptions& options)
    : context_(1),
      work_(context_.get_executor()),
      inbox_(context_.get_executor()),
      http_(std::make_unique<CurlHttpClient>(context_, options)),
      thread_([this] {
        RunToTheEnd(context_);
        http_.reset();
      }) {}

EventLoop::~EventLoop() {
  Stop();
  thread_.join();
}

void EventLoop::Stop() {
  // Posted: a work guard is not thread-safe.
  asio::post(context_, [this] { work_.reset(); });
}

EventLoopPool::EventLoopPool(int threads, const HttpClientOptions& options) {
  for (int i = 0; i < threads; ++i) loops_.push_back(std::make_unique<EventLoop>(options));
}

std::vector<asio::any_io_executor> EventLoopPool::executors() const {
  std::vector<asio::any_io_executor> executors;
  for (const auto& loop : loops_) executors.push_back(loop->context().get_executor());
  return executors;
}

EventLoop& EventLoopPool::Pick() {
  const unsigned turn = next_.fetch_add(1, std::memory_order_relaxed);
  return *loops_[turn % loops_.size()];
}

}  // namespace mom
