#include "service/engine/pace.h"

namespace mom {
namespace {

bool IsSame(const std::string& name, const ModelsConfig& before, const ModelsConfig& now) {
  const ModelConfig* old_model = before.FindModel(name);
  const ModelConfig* model = now.FindModel(name);
  if (old_model == nullptr || model == nullptr || *old_model != *model) return false;
  const ProviderConfig* old_provider = before.FindProvider(model->provider);
  const ProviderConfig* provider = now.FindProvider(model->provider);
  return old_provider != nullptr && provider != nullptr && *old_provider == *provider;
}

}  // namespace

void Pace::Add(Of of, Duration took) {
  const std::lock_guard lock(mutex_);
  Window(of).Add(took, false);
}

void Pace::AddCut(Of of, Duration took) {
  const std::lock_guard lock(mutex_);
  Window(of).Add(took, true);
}

std::optional<Pace::Duration> Pace::ToGo(Of of, double share, Duration elapsed) const {
  const std::lock_guard lock(mutex_);
  return windows_[static_cast<std::size_t>(of)].ToGo(share, elapsed);
}

std::shared_ptr<Pace> PaceTable::Get(const std::string& model) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Pace>& pace = paces_[model];
  if (pace == nullptr) pace = std::make_shared<Pace>();
  return pace;
}

void PaceTable::OnReload(const ModelsConfig& before, const ModelsConfig& now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(paces_, [&](const auto& entry) { return !IsSame(entry.first, before, now); });
}

}  // namespace mom
