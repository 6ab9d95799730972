#include "rest_shim/sse_writer.h"

#include <utility>

namespace mom::rest {

SseWriter::SseWriter(HttpExchange& exchange, std::chrono::milliseconds commit_after,
                     std::chrono::milliseconds keep_alive)
    : exchange_(exchange), keep_alive_(keep_alive), due_(Deadline::After(commit_after)) {}

void SseWriter::AddHeader(std::string name, std::string value) {
  if (!committed_) headers_.emplace_back(std::move(name), std::move(value));
}

void SseWriter::Commit() {
  if (committed_) return;
  committed_ = true;
  HttpResponse head;
  head.content_type = "text/event-stream";
  head.headers = std::move(headers_);
  head.headers.emplace_back("cache-control", "no-cache");
  head.headers.emplace_back("x-accel-buffering", "no");  // nginx would collect events
  exchange_.Begin(std::move(head));
}

asio::awaitable<bool> SseWriter::Tick() {
  pending_.append(": keep-alive\n\n");
  co_return co_await Flush();
}

void SseWriter::Add(std::string_view json) {
  pending_.append("data: ").append(json).append("\n\n");
}

asio::awaitable<bool> SseWriter::Flush() {
  Commit();
  const bool taken = co_await exchange_.Write(std::exchange(pending_, std::string()));
  due_ = Deadline::After(keep_alive_);
  co_return taken;
}

asio::awaitable<bool> SseWriter::End() {
  Commit();
  pending_.append("data: [DONE]\n\n");
  co_return co_await exchange_.End(std::exchange(pending_, std::string()));
}

}  // namespace mom::rest
