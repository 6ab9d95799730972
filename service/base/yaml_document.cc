// The document's half of yaml_reader.h.
#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "service/base/file.h"
#include "service/base/utf8.h"
#include "service/base/yaml_state.h"

namespace mom {
namespace {

using Kind = YamlValue::Kind;

constexpr std::size_t kMostFileBytes = 4 * 1024 * 1024;

}  // namespace

std::string YamlDocument::State::Place(int line, const std::string& path) const {
  return name + ":" + std::to_string(line) + (path.empty() ? "" : " " + path);
}

void YamlDocument::State::Report(int line, const std::string& path, const std::string& message) {
  std::string text = ToValidUtf8(Place(line, path) + ": " + message);
  // Whatever a key is called, a mistake stays one line.
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
  mistakes.emplace(line, std::move(text));
}

std::optional<std::string> YamlDocument::State::Text(const YamlValue& value,
                                                     const std::string& path) {
  if (!IsScalar(value, path)) return std::nullopt;
  Substitution result = Substitute(value.scalar, env);
  if (!result.mistake.empty()) {
    Report(value.line, path, result.mistake);
    return std::nullopt;
  }
  if (!result.unset.empty()) {
    const std::string& variable = result.unset.front();
    Report(value.line, path,
           "the environment variable " + variable + " is not set; set it, or write ${" + variable +
               ":-default}");
    return std::nullopt;
  }
  return std::move(result.text);
}

bool YamlDocument::State::IsScalar(const YamlValue& value, const std::string& path) {
  if (value.kind == Kind::kScalar) return true;
  if (value.kind == Kind::kNull) {
    Report(value.line, path, "has no value; write one or remove the key");
  } else {
    Report(value.line, path,
           std::string("is a ") + (value.kind == Kind::kSequence ? "list" : "mapping") +
               "; write a single value, in quotes where it has special characters");
  }
  return false;
}

void YamlDocument::State::WriteJson(const YamlValue& value, const std::string& path,
                                    JsonWriter& json) {
  switch (value.kind) {
    case Kind::kNull:
      json.Null();
      break;
    case Kind::kScalar: {
      const std::string text = Text(value, path).value_or("");
      const std::optional<std::string> literal = value.quoted ? std::nullopt : JsonLiteral(text);
      literal ? json.Raw(*literal) : json.String(text);
      break;
    }
    case Kind::kSequence:
      json.BeginArray();
      for (std::size_t i = 0; i < value.children.size(); ++i) {
        WriteJson(value.children[i], JoinPath(path, i), json);
      }
      json.EndArray();
      break;
    case Kind::kMapping:
      json.BeginObject();
      for (const YamlValue& child : value.children) {
        WriteJson(child, JoinPath(path, child.key), json.Key(child.key));
      }
      json.EndObject();
      break;
  }
}

StatusOr<std::shared_ptr<YamlDocument>> YamlDocument::Load(const std::string& path, EnvLookup env) {
  const StatusOr<std::string> text = ReadFile(path, kMostFileBytes);
  if (!text.ok()) {
    return absl::InvalidArgumentError(path + ": cannot be read (" + MessageOf(text.status()) +
                                      "); write the path of the config behind --config");
  }
  StatusOr<std::shared_ptr<YamlDocument>> document = Parse(*text, path, std::move(env));
  if (document.ok()) {
    std::error_code ignored;  // without a current directory the path stays as it is
    (*document)->state_->directory =
        std::filesystem::absolute(path, ignored).parent_path().string();
  }
  return document;
}

StatusOr<std::shared_ptr<YamlDocument>> YamlDocument::Parse(const std::string& text,
                                                            const std::string& display_name,
                                                            EnvLookup env) {
  auto state = std::make_shared<State>();
  state->name = display_name;
  state->env = std::move(env);
  YamlTree tree = ParseYaml(text);
  state->root = std::move(tree.root);
  for (const YamlMistake& mistake : tree.mistakes) {
    state->Report(mistake.line, mistake.path, mistake.message);
  }
  std::shared_ptr<YamlDocument> document(new YamlDocument(std::move(state)));
  // Without a mapping there is nothing to read on.
  if (document->state_->root.kind != Kind::kMapping) return document->status();
  return document;
}

Status YamlDocument::status() const {
  std::string text;
  for (const auto& [line, mistake] : state_->mistakes) {
    text.append(text.empty() ? "" : "\n").append(mistake);
  }
  return text.empty() ? absl::OkStatus() : absl::InvalidArgumentError(text);
}

const std::string& YamlDocument::directory() const { return state_->directory; }

std::set<std::string> YamlDocument::known_paths() const { return state_->known; }

}  // namespace mom
