#include "service/rpc/call_gate.h"

#include <utility>

namespace mom {

bool CallGate::Enter() {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  ++calls_;
  return true;
}

void CallGate::Leave() {
  std::function<void()> empty;
  {
    const std::lock_guard lock(mutex_);
    if (--calls_ == 0) empty = empty_;
  }
  if (empty) empty();
}

void CallGate::Close(std::function<void()> empty) {
  bool is_empty;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    empty_ = empty;
    is_empty = calls_ == 0;
  }
  if (is_empty) empty();
}

void CallGate::AddSlot() {
  const std::lock_guard lock(mutex_);
  ++slots_;
}

void CallGate::RemoveSlot() {
  const std::lock_guard lock(mutex_);
  if (--slots_ == 0) no_slots_.notify_all();
}

void CallGate::WaitForSlots() {
  std::unique_lock lock(mutex_);
  no_slots_.wait(lock, [this] { return slots_ == 0; });
}

}  // namespace mom
