#include "clients/cli/config_lines.h"

namespace mom::cli {

StatusOr<ConfigLines> ConfigLines::Load(const std::string& file, const EnvLookup& env) {
  StatusOr<std::shared_ptr<YamlDocument>> document = YamlDocument::Load(file, env);
  if (!document.ok()) return document.status();
  ConfigLines out;
  out.document_ = *std::move(document);
  return out;
}

std::string ConfigLines::Place(const std::string& section, const std::string& name,
                               const std::string& key) const {
  if (document_ == nullptr) return section + "." + name + (key.empty() ? "" : "." + key);
  YamlReader reader = document_->Root().Child(section).Child(name);
  std::size_t begin = 0;
  for (std::size_t dot = key.find('.'); dot != std::string::npos; dot = key.find('.', begin)) {
    reader = reader.Child(key.substr(begin, dot - begin));
    begin = dot + 1;
  }
  return reader.Where(key.substr(begin));
}

std::vector<std::pair<std::string, std::string>> ConfigLines::Models() const {
  std::vector<std::pair<std::string, std::string>> out;
  if (document_ == nullptr) return out;
  for (auto& [name, reader] : document_->Root().Child("models").Entries()) {
    std::string provider;
    reader.Read("provider", provider);
    out.emplace_back(name, provider);
  }
  return out;
}

}  // namespace mom::cli
