#include "service/model/retry_budget.h"

#include <algorithm>
#include <chrono>

namespace mom {
namespace {

std::int64_t SecondOf(RetryBudget::Time now) {
  return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
}

}  // namespace

RetryBudget::Second& RetryBudget::At(std::int64_t number) {
  Second& second = seconds_[static_cast<std::size_t>(number) % seconds_.size()];
  if (second.number != number) {
    second = Second();
    second.number = number;
  }
  return second;
}

void RetryBudget::OnFirstTry(Time now) {
  const std::lock_guard lock(mutex_);
  ++At(SecondOf(now)).first_tries;
}

bool RetryBudget::TakeRetry(double share, int floor, Time now) {
  const std::lock_guard lock(mutex_);
  const std::int64_t number = SecondOf(now);
  Second& current = At(number);
  int first_tries = 0;
  int retries = 0;
  for (const Second& second : seconds_) {
    if (second.number <= number - static_cast<std::int64_t>(seconds_.size())) continue;
    first_tries += second.first_tries;
    retries += second.retries;
  }
  if (retries + 1 > std::max<double>(floor, share * first_tries)) return false;
  ++current.retries;
  return true;
}

}  // namespace mom
