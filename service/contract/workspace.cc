#include "service/contract/workspace.h"

#include <algorithm>

namespace mom {

Workspace::Workspace(const ChatFiles& files) : files_(files) {
  for (const ChatFile& file : files.files) {
    entries_[NormalPath(file.path)].file = &file;
    if (!file.read_only) editable_.push_back(file.path);
  }
  std::sort(editable_.begin(), editable_.end());
}

FileDraft* Workspace::Find(std::string_view path) {
  auto found = entries_.find(path);  // mostly it is written so
  if (found == entries_.end()) found = entries_.find(NormalPath(path));
  if (found == entries_.end() || found->second.removed) return nullptr;
  Entry& entry = found->second;
  if (entry.draft == nullptr) entry.draft = std::make_unique<FileDraft>(entry.file->text);
  return entry.draft.get();
}

bool Workspace::IsReadOnly(std::string_view path) const {
  auto found = entries_.find(path);
  if (found == entries_.end()) found = entries_.find(NormalPath(path));
  return found != entries_.end() && found->second.file != nullptr && found->second.file->read_only;
}

FileDraft& Workspace::Create(std::string_view path) {
  Entry& entry = entries_[NormalPath(path)];
  entry.removed = false;
  entry.draft = std::make_unique<FileDraft>(empty_);
  return *entry.draft;
}

void Workspace::Remove(std::string_view path) { entries_[NormalPath(path)].removed = true; }

void Workspace::Undo() {
  std::erase_if(entries_, [](const auto& entry) { return entry.second.file == nullptr; });
  for (auto& [path, entry] : entries_) {
    entry.draft.reset();
    entry.removed = false;
  }
}

bool Workspace::too_costly() const {
  return std::any_of(entries_.begin(), entries_.end(), [](const auto& entry) {
    return entry.second.draft != nullptr && entry.second.draft->too_costly();
  });
}

std::map<std::string, std::optional<std::string>> Workspace::Changes() const {
  std::map<std::string, std::optional<std::string>> changes;
  for (const auto& [path, entry] : entries_) {
    if (entry.removed) {
      changes[path] = std::nullopt;
    } else if (entry.draft != nullptr && entry.draft->changed()) {
      changes[path] = entry.draft->Text();
    }
  }
  return changes;
}

}  // namespace mom
