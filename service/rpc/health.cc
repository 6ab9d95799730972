#include "service/rpc/health.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace mom {
namespace {

constexpr int kHealthSlots = 8;

}  // namespace

HealthService::HealthService(std::vector<std::string> services) : services_(std::move(services)) {
  check_.request = [this](auto... args) { service_.RequestCheck(args...); };
  check_.serve = [this](UnaryCall& call) { return Check(call); };
  watch_.request = [this](auto... args) { service_.RequestWatch(args...); };
  watch_.serve = [this](StreamCall& call) { return Watch(call); };
}

void HealthService::OpenSlots(CallHost& host, int loops) {
  OpenSlotsOf<UnaryCall>(check_, kHealthSlots, host, loops);
  OpenSlotsOf<StreamCall>(watch_, kHealthSlots, host, loops);
}

void HealthService::SetServing(bool serving) {
  if (serving_.exchange(serving) == serving) return;
  const std::lock_guard lock(mutex_);
  for (const Watcher& watcher : watchers_) {
    asio::post(watcher.executor, [changed = watcher.changed] {
      if (const auto event = changed.lock()) event->Set();
    });
  }
}

bool HealthService::Knows(const std::string& service) const {
  return service.empty() ||
         std::find(services_.begin(), services_.end(), service) != services_.end();
}

HealthService::Response HealthService::Now() const {
  Response response;
  response.set_status(serving_ ? Response::SERVING : Response::NOT_SERVING);
  return response;
}

asio::awaitable<Status> HealthService::Check(UnaryCall& call) {
  grpc::health::v1::HealthCheckRequest request;
  const Status parsed = call.ParseRequest(request);
  if (!parsed.ok()) co_return parsed;
  if (!Knows(request.service())) {
    co_return MakeError(StatusCode::kNotFound, "unknown service", ErrorInfo());
  }
  call.SetResponse(Now());
  co_return Status();
}

std::shared_ptr<AsyncEvent> HealthService::AddWatcher(const asio::any_io_executor& executor) {
  auto changed = std::make_shared<AsyncEvent>(executor);
  const std::lock_guard lock(mutex_);
  std::erase_if(watchers_, [](const Watcher& watcher) { return watcher.changed.expired(); });
  watchers_.push_back(Watcher{executor, changed});
  return changed;
}

asio::awaitable<Status> HealthService::Watch(StreamCall& call) {
  grpc::health::v1::HealthCheckRequest request;
  const Status parsed = call.ParseRequest(request);
  if (!parsed.ok()) co_return parsed;
  const std::shared_ptr<AsyncEvent> changed = AddWatcher(call.loop().inbox().executor());
  Response last;
  while (true) {
    changed->Clear();
    Response now = Now();
    // A service may come yet, says the protocol: the call stays open.
    if (!Knows(request.service())) now.set_status(Response::SERVICE_UNKNOWN);
    if (now.status() != last.status()) {
      last = now;
      call.StartWrite(now);
      const Status written = co_await call.Written();
      if (!written.ok()) co_return written;
    }
    co_await changed->Wait();
  }
}

}  // namespace mom
