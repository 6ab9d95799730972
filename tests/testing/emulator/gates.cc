#include "tests/testing/emulator/gates.h"

#include <utility>

namespace mom::testing {

bool Gates::IsOpenOrWake(const std::string& name, std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  if (open_.contains(name)) return true;
  waiters_[name].push_back(std::move(wake));
  return false;
}

void Gates::Open(const std::string& name) {
  std::vector<std::function<void()>> woken;
  {
    const std::lock_guard lock(mutex_);
    open_.insert(name);
    woken = std::move(waiters_[name]);
    waiters_.erase(name);
  }
  for (const auto& wake : woken) wake();
}

void Gates::CloseAll() {
  const std::lock_guard lock(mutex_);
  open_.clear();
}

}  // namespace mom::testing
