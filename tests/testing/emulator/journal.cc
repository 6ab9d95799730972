#include "tests/testing/emulator/journal.h"

#include <boost/beast/core/string.hpp>
#include <utility>

namespace mom::testing {
namespace {

constexpr std::size_t kMaxBodyBytes = 256 * 1024 * 1024;

}  // namespace

std::string RecordedRequest::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (boost::beast::iequals(key, name)) return value;
  }
  return {};
}

Offset Journal::Now() const {
  return std::chrono::duration_cast<Offset>(std::chrono::steady_clock::now() - start_);
}

void Journal::ConnectionOpened() {
  Change([](EmulatorState& state) {
    ++state.open_connections;
    ++state.connections;
  });
}

void Journal::ConnectionClosed() {
  Change([](EmulatorState& state) { --state.open_connections; });
}

void Journal::ConnectionWithdrawn() {
  Change([](EmulatorState& state) {
    --state.open_connections;
    --state.connections;
  });
}

std::uint64_t Journal::Record(RecordedRequest request) {
  std::uint64_t id = 0;
  Change([&](EmulatorState& state) {
    ++state.requests;
    id = request.id = ++last_id_;
    Keep(std::move(request));
  });
  return id;
}

void Journal::CallStarted() {
  Change([](EmulatorState& state) { ++state.active_calls; });
}

void Journal::CallEnded(const Invoice& invoice) {
  Change([&](EmulatorState& state) {
    --state.active_calls;
    ++state.invoices;
    if (invoice.cut_by_client) ++state.cut_by_client;
    invoices_.push_back(invoice);
    if (invoices_.size() > keep_) invoices_.pop_front();
  });
}

void Journal::TokensMade(std::int64_t tokens) {
  Change([&](EmulatorState& state) { state.tokens += tokens; });
}

void Journal::HeldAt(const std::string& gate) {
  Change([&](EmulatorState& state) { ++state.held[gate]; });
}

void Journal::Released(const std::string& gate) {
  Change([&](EmulatorState& state) {
    if (--state.held[gate] == 0) state.held.erase(gate);
  });
}

void Journal::Clear() {
  Change([&](EmulatorState& state) {
    EmulatorState kept;
    kept.open_connections = state.open_connections;
    kept.active_calls = state.active_calls;
    kept.held = std::move(state.held);
    state = std::move(kept);
    requests_.clear();
    body_bytes_ = 0;
    invoices_.clear();
  });
}

std::vector<RecordedRequest> Journal::requests() const {
  const std::lock_guard lock(mutex_);
  return {requests_.begin(), requests_.end()};
}

std::vector<Invoice> Journal::invoices() const {
  const std::lock_guard lock(mutex_);
  return {invoices_.begin(), invoices_.end()};
}

EmulatorState Journal::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

bool Journal::WaitUntil(const std::function<bool(const EmulatorState&)>& condition,
                        std::chrono::milliseconds timeout) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [&] { return condition(state_); });
}

void Journal::Keep(RecordedRequest request) {
  body_bytes_ += request.body.size();
  requests_.push_back(std::move(request));
  while (requests_.size() > keep_ || body_bytes_ > kMaxBodyBytes) {
    body_bytes_ -= requests_.front().body.size();
    requests_.pop_front();
  }
}

void Journal::Change(const std::function<void(EmulatorState&)>& change) {
  {
    const std::lock_guard lock(mutex_);
    change(state_);
  }
  changed_.notify_all();
}

}  // namespace mom::testing
