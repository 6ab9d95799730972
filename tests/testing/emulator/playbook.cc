#include "tests/testing/emulator/playbook.h"

#include <algorithm>

namespace mom::testing {
namespace {

constexpr std::string_view kAnyModel = "*";

}  // namespace

bool Playbook::Group::IsConditional() const {
  return !condition().match.empty() || !condition().match_body.empty();
}

bool Playbook::Group::Fits(const Question& question, std::string_view body) const {
  // An empty text is found everywhere.
  return question.last_user.find(condition().match) != std::string::npos &&
         body.find(condition().match_body) != std::string_view::npos;
}

Playbook::Groups Playbook::MakeGroups(const std::vector<ScriptedCall>& calls) {
  Groups groups;
  for (const ScriptedCall& call : calls) {
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& g) {
      return g.condition().match == call.match && g.condition().match_body == call.match_body;
    });
    if (group == groups.end()) group = groups.insert(groups.end(), Group());
    group->replies.push_back(std::make_shared<const Reply>(call));
  }
  std::stable_partition(groups.begin(), groups.end(),
                        [](const Group& group) { return group.IsConditional(); });
  return groups;
}

void Playbook::Load(const Script& script) {
  std::map<std::string, Groups, std::less<>> models;
  for (const auto& [model, calls] : script.models()) models[model] = MakeGroups(calls);
  const std::lock_guard lock(mutex_);
  models_ = std::move(models);
}

void Playbook::Rewind() {
  const std::lock_guard lock(mutex_);
  for (auto& [model, groups] : models_) {
    for (Group& group : groups) group.next = 0;
  }
}

std::shared_ptr<const Reply> Playbook::Next(const Question& question, std::string_view body) {
  const std::lock_guard lock(mutex_);
  auto model = models_.find(question.model);
  if (model == models_.end()) model = models_.find(kAnyModel);
  if (model == models_.end()) return canned_;
  for (Group& group : model->second) {
    if (!group.Fits(question, body)) continue;
    const std::size_t index = group.next;
    if (index + 1 < group.replies.size()) ++group.next;
    return group.replies[index];
  }
  return canned_;
}

std::vector<std::string> Playbook::Models() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [model, groups] : models_) {
    if (model != kAnyModel) names.push_back(model);
  }
  return names;
}

}  // namespace mom::testing
