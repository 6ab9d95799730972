#include "service/model/target_state.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "service/base/log.h"
#include "service/base/reasons.h"

namespace mom {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::string_view, 12> kTargetFailures = {
    reason::kUpstreamDns,      reason::kUpstreamConnect,    reason::kUpstreamTls,
    reason::kConnectTimeout,   reason::kFirstTokenTimeout,  reason::kIdleTimeout,
    reason::kTotalTimeout,     reason::kUpstreamOverloaded, reason::kUpstreamError,
    reason::kUpstreamProtocol, reason::kUpstreamIncomplete, reason::kUpstreamConnectionLost};
constexpr std::array<std::string_view, 3> kRejections = {
    reason::kUpstreamQuota, reason::kUpstreamAuth, reason::kUpstreamModelNotFound};
constexpr std::array<std::string_view, 3> kRefusals = {
    reason::kTargetOpen, reason::kTargetNotBefore, reason::kTargetBusy};

template <std::size_t N>
bool IsOneOf(const std::string& reason, const std::array<std::string_view, N>& reasons) {
  return std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
}

// Whether the provider only asks to wait: so does one whose account is empty until a known time.
bool IsThrottled(const ErrorInfo& info) {
  return info.reason == reason::kUpstreamRateLimited ||
         (info.reason == reason::kUpstreamQuota && info.retry_after);
}

// Others of the target may have a breaker where the model has none, as may those of an older
// config.
bool HasBreaker(const ModelConfig& model) { return model.breaker.failures > 0; }

// The ticket of a call that the breaker knows nothing of: no state of its has this number.
constexpr int kNoState = -1;

// Where the wait depends on other calls, which end some time.
constexpr milliseconds kUsualWait(1000);

Status Refuse(const char* reason, const std::string& why, milliseconds wait,
              std::map<std::string, std::string> metadata = {}) {
  ErrorInfo info;
  info.reason = reason;
  info.retry_after = wait;
  info.metadata = std::move(metadata);
  return MakeError(StatusCode::kUnavailable, "is not asked: " + why, std::move(info));
}

std::string AskAgainIn(milliseconds wait) {
  const auto whole = std::chrono::ceil<std::chrono::seconds>(wait);
  return "ask again in " + std::to_string(whole.count()) + " s, or ask another model";
}

void LogChange(LogLevel level, std::string_view event, const ModelConfig& model,
               std::string_view cause) {
  Log(level, event, {{"model", model.name}, {"provider", model.provider}, {"cause", cause}});
}

}  // namespace

bool IsRefusal(const Status& error) { return IsOneOf(GetErrorInfo(error).reason, kRefusals); }

bool IsOfKeptConnection(const Status& error) {
  return GetErrorInfo(error).metadata.count("kept_connection") > 0;
}

StatusOr<int> TargetState::Admit(const ModelConfig& model, Time now) {
  const std::lock_guard lock(mutex_);
  StatusOr<int> ticket = AdmitLocked(model, now);
  if (ticket.ok()) ++under_way_;
  return ticket;
}

StatusOr<int> TargetState::AdmitLocked(const ModelConfig& model, Time now) {
  const bool has_breaker = HasBreaker(model);
  if (has_breaker && now < not_before_) {
    const auto wait = std::chrono::ceil<milliseconds>(not_before_ - now);
    return Refuse(reason::kTargetNotBefore, "the provider wants no call yet; " + AskAgainIn(wait),
                  wait);
  }
  if (model.max_concurrent > 0 && under_way_ >= model.max_concurrent) {
    const std::string key = "models." + model.name + ".max_concurrent";
    return Refuse(reason::kTargetBusy,
                  key + " calls are under way (" + std::to_string(model.max_concurrent) + ")",
                  kUsualWait, {{"config_key", key}});
  }
  if (!has_breaker) return kNoState;
  // Last, as it may make this call the probe.
  if (const std::optional<int> ticket = breaker_.Admit(now)) return *ticket;
  const auto left = std::chrono::ceil<milliseconds>(breaker_.WaitFrom(now));
  const milliseconds wait = left.count() > 0 ? left : kUsualWait;
  const ErrorInfo& cause = breaker_.cause();
  std::string why = "its last call failed (" + cause.reason + "); ";
  std::map<std::string, std::string> metadata = {{"cause", cause.reason}};
  if (cause.reason == reason::kUpstreamQuota) {
    why += "top up the account at provider `" + model.provider + "`";
  } else if (const auto key = cause.metadata.find("config_key"); key != cause.metadata.end()) {
    why += "check " + key->second;
    metadata.insert(*key);
  } else {
    why += AskAgainIn(wait);
  }
  return Refuse(reason::kTargetOpen, why, wait, std::move(metadata));
}

bool TargetState::WouldAdmit(const ModelConfig& model, Time time) const {
  const std::lock_guard lock(mutex_);
  return !HasBreaker(model) || (time >= not_before_ && breaker_.WouldAdmit(time));
}

void TargetState::OnFirstToken(int ticket, const ModelConfig& model) {
  std::unique_lock lock(mutex_);
  if (!breaker_.OnFirstToken(ticket)) return;
  const std::string cause = breaker_.cause().reason;
  lock.unlock();
  LogChange(LogLevel::kInfo, "target_back", model, cause);
}

void TargetState::OnEnd(int ticket, const Status& status, const ModelConfig& model, Time now,
                        double unit_random) {
  const ErrorInfo info = GetErrorInfo(status);
  const bool is_rejection = IsOneOf(info.reason, kRejections);
  bool has_opened = false;
  std::unique_lock lock(mutex_);
  --under_way_;
  if (status.ok()) {
    breaker_.OnSuccess(ticket);
  } else if (IsThrottled(info)) {
    breaker_.OnNoVerdict(ticket);
    NotBeforeLocked(model, now + info.retry_after.value_or(milliseconds(0)));
  } else if (is_rejection) {
    has_opened = breaker_.OnRejection(ticket, info, model.breaker, now, unit_random);
  } else if (IsOneOf(info.reason, kTargetFailures) && !IsOfKeptConnection(status)) {
    has_opened = breaker_.OnFailure(ticket, info, model.breaker, now, unit_random);
  } else if (info.reason == reason::kDeadline) {
    breaker_.OnCancel(ticket, now);
  } else {
    breaker_.OnNoVerdict(ticket);
  }
  lock.unlock();
  if (!has_opened) return;
  LogChange(is_rejection ? LogLevel::kError : LogLevel::kWarning, "target_open", model,
            info.reason);
}

void TargetState::OnCancel(int ticket, Time now) {
  const std::lock_guard lock(mutex_);
  --under_way_;
  breaker_.OnCancel(ticket, now);
}

void TargetState::NotBefore(const ModelConfig& model, Time time) {
  const std::lock_guard lock(mutex_);
  NotBeforeLocked(model, time);
}

void TargetState::NotBeforeLocked(const ModelConfig& model, Time time) {
  if (HasBreaker(model)) not_before_ = std::max(not_before_, time);
}

void TargetState::OnReload(const ModelConfig& model) {
  const std::lock_guard lock(mutex_);
  breaker_.OnReload(model.breaker);
  if (!HasBreaker(model)) not_before_ = Time();
}

}  // namespace mom
