#include "service/base/yaml_reader.h"

#include <algorithm>

#include "service/base/json_writer.h"
#include "service/base/nearest_name.h"
#include "service/base/units.h"
#include "service/base/utf8.h"
#include "service/base/yaml_state.h"

namespace mom {
namespace {

using Kind = YamlValue::Kind;
using std::chrono::milliseconds;

// Stands for a name of the user's own in known_paths().
constexpr char kAnyName[] = "<name>";

// A scalar as it is written in the file, for messages: never with a variable's value in it.
std::string Shown(const YamlValue& value) {
  constexpr std::size_t kMost = 40;
  const std::string& text = value.scalar;
  if (text.size() <= kMost) return "\"" + text + "\"";
  return "\"" + ToValidUtf8(text.substr(0, kMost)) + "...\"";
}

// What is wrong with a scalar that a shell would take for a variable; empty: it is none.
std::string WithoutBraces(const YamlValue& value) {
  const std::string name = BareVariable(value.scalar);
  if (name.empty()) return "";
  return "has no braces around the variable's name; write ${" + name +
         "}, or $$ first for a text that begins with a dollar sign";
}

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What to write in place of an unknown key.
std::string SuggestKey(const std::string& key, const std::vector<std::string>& known) {
  const std::size_t colon = key.find(':');
  if (colon == std::string::npos || !Contains(known, key.substr(0, colon))) {
    return SuggestName(key, known);
  }
  return "write \"" + key.substr(0, colon) + ": " + key.substr(colon + 1) +
         "\", with a blank behind the colon";
}

// How a kind of number is read and shown.
template <typename T>
struct NumberKind {
  const char* noun;
  std::optional<T> (*parse)(std::string_view);
  std::string (*format)(T);
};
constexpr NumberKind<std::int64_t> kInteger = {
    "a whole number", ParseInteger, [](std::int64_t value) { return std::to_string(value); }};
constexpr NumberKind<double> kNumber = {"a number", ParseNumber, FormatNumber};
constexpr NumberKind<milliseconds> kDuration = {"a duration", ParseDuration, FormatDuration};
constexpr NumberKind<std::int64_t> kBytes = {"a number of bytes", ParseBytes, FormatBytes};

}  // namespace

struct YamlReader::Node {
  std::shared_ptr<YamlDocument::State> document;
  const YamlValue* mapping;  // owned by the document; null: absent or wrong
  std::string path;
  std::string pattern;  // the path with kAnyName for names of the user's own
  int line;
  std::vector<std::string> asked;

  const YamlValue* Peek(const std::string& key) const {
    if (mapping == nullptr) return nullptr;
    for (const YamlValue& child : mapping->children) {
      if (child.key == key) return &child;
    }
    return nullptr;
  }

  // Remembers that the key is known; null where it is absent.
  const YamlValue* Ask(const std::string& key) {
    if (!Contains(asked, key)) asked.push_back(key);
    document->known.insert(JoinPath(pattern, key));
    return Peek(key);
  }

  std::optional<std::string> Text(const std::string& key) {
    const YamlValue* value = Ask(key);
    if (value == nullptr) return std::nullopt;
    return document->Text(*value, JoinPath(path, key));
  }

  // The value at `key` where it is of this kind or has nothing below it; null where it is absent or
  // of another kind, which is reported.
  const YamlValue* Container(const std::string& key, Kind kind, const char* remedy) {
    const YamlValue* value = Ask(key);
    if (value == nullptr || value->kind == kind || value->kind == Kind::kNull) return value;
    Report(key, std::string("is no ") + (kind == Kind::kSequence ? "list" : "mapping") +
                    "; write " + remedy);
    return nullptr;
  }

  int LineOf(const std::string& key) const {
    const YamlValue* value = Peek(key);
    return value == nullptr ? line : value->line;
  }

  void Report(const std::string& key, const std::string& message) {
    document->Report(LineOf(key), key.empty() ? path : JoinPath(path, key), message);
  }

  void ReportNothing(const std::string& key, const std::string& remedy) {
    Report(key,
           std::string(Peek(key) == nullptr ? "is missing" : "is empty") + "; write " + remedy);
  }

  template <typename T, typename Out>
  void ReadNumber(const std::string& key, const NumberKind<T>& kind, T min, T max, Out& out) {
    const std::optional<std::string> text = Text(key);
    if (!text) return;
    const std::optional<T> value = kind.parse(*text);
    if (value && *value >= min && *value <= max) {
      out = *value;
      return;
    }
    const std::string wanted =
        std::string("write ") + kind.noun + " from " + kind.format(min) + " to " + kind.format(max);
    const std::string shown = Shown(*Peek(key));
    if (value) {
      Report(key, shown + " is out of range; " + wanted);
    } else if (std::is_same_v<T, milliseconds> && ParseNumber(*text)) {
      Report(key, shown + " has no unit; write it with ms, s, m, h or d, as in 30s");
    } else {
      Report(key, shown + " is not " + kind.noun + "; " + wanted);
    }
  }
};

YamlReader YamlDocument::Root() {
  return YamlReader(
      std::make_shared<YamlReader::Node>(YamlReader::Node{state_, &state_->root, "", "", 1, {}}));
}

void YamlReader::Read(const std::string& key, std::string& out) {
  if (std::optional<std::string> text = node_->Text(key)) out = std::move(*text);
}

bool YamlReader::ReadRequired(const std::string& key, std::string& out, const std::string& remedy) {
  const bool present = node_->Ask(key) != nullptr;
  std::optional<std::string> text = node_->Text(key);
  if (text && !text->empty()) {
    out = std::move(*text);
    return true;
  }
  // A value that is there and wrong was reported.
  if (text || !present) node_->ReportNothing(key, remedy);
  return false;
}

bool YamlReader::ReadRequired(const std::string& key, std::vector<std::string>& out,
                              const std::string& remedy) {
  Read(key, out);
  const YamlValue* list = node_->Peek(key);
  if (list == nullptr || list->children.empty()) {
    if (list == nullptr || list->kind != Kind::kScalar) node_->ReportNothing(key, remedy);
    return false;
  }
  return true;
}

void YamlReader::Read(const std::string& key, bool& out) {
  const std::optional<std::string> text = node_->Text(key);
  if (!text) return;
  if (*text == "true" || *text == "false") {
    out = *text == "true";
  } else {
    Error(key, Shown(*node_->Peek(key)) + " is neither true nor false; write one of the two");
  }
}

void YamlReader::Read(const std::string& key, std::int64_t& out, std::int64_t min,
                      std::int64_t max) {
  node_->ReadNumber(key, kInteger, min, max, out);
}

void YamlReader::Read(const std::string& key, int& out, int min, int max) {
  std::int64_t wide = out;
  Read(key, wide, min, max);
  out = static_cast<int>(wide);
}

void YamlReader::Read(const std::string& key, double& out, double min, double max) {
  node_->ReadNumber(key, kNumber, min, max, out);
}

void YamlReader::Read(const std::string& key, milliseconds& out, milliseconds min,
                      milliseconds max) {
  node_->ReadNumber(key, kDuration, min, max, out);
}

void YamlReader::ReadBytes(const std::string& key, std::int64_t& out, std::int64_t min,
                           std::int64_t max) {
  node_->ReadNumber(key, kBytes, min, max, out);
}

void YamlReader::Read(const std::string& key, std::vector<std::string>& out) {
  const YamlValue* list = node_->Container(key, Kind::kSequence, "it as [item, item]");
  if (list == nullptr) return;
  const std::string path = JoinPath(node_->path, key);
  out.clear();
  for (std::size_t i = 0; i < list->children.size(); ++i) {
    std::optional<std::string> text = node_->document->Text(list->children[i], JoinPath(path, i));
    if (text && text->empty()) Error(key, i, "is empty; write a value or remove the item");
    // A wrong item keeps its place, so that later messages count right.
    out.push_back(std::move(text).value_or(""));
  }
}

void YamlReader::Read(const std::string& key, std::optional<double>& out, double min, double max) {
  node_->ReadNumber(key, kNumber, min, max, out);
}

void YamlReader::Read(const std::string& key, std::optional<std::int64_t>& out, std::int64_t min,
                      std::int64_t max) {
  node_->ReadNumber(key, kInteger, min, max, out);
}

void YamlReader::ReadEnum(const std::string& key, std::string& out,
                          const std::vector<std::string>& names) {
  std::optional<std::string> text = node_->Text(key);
  if (!text) return;
  if (Contains(names, *text)) {
    out = std::move(*text);
  } else {
    Error(key, Shown(*node_->Peek(key)) + " does not exist here; write " +
                   (names.size() == 1 ? "" : "one of ") + JoinNames(names));
  }
}

std::optional<std::string> YamlReader::ReadSecret(const std::string& key, Secret& out) {
  const YamlValue* value = node_->Ask(key);
  const std::string path = JoinPath(node_->path, key);
  if (value == nullptr || !node_->document->IsScalar(*value, path)) return std::nullopt;
  if (const std::string wrong = WithoutBraces(*value); !wrong.empty()) {
    Error(key, wrong);
    return std::nullopt;
  }
  const EnvLookup& env = node_->document->env;
  Substitution result = Substitute(value->scalar, [&env](const std::string& name) {
    std::optional<std::string> found = env(name);
    return found && found->empty() ? std::nullopt : found;
  });
  if (!result.mistake.empty()) {
    Error(key, result.mistake);
  } else if (!result.unset.empty()) {
    return result.unset.front();
  } else {
    out = Secret(std::move(result.text));
  }
  return std::nullopt;
}

void YamlReader::ReadJson(const std::string& key,
                          std::vector<std::pair<std::string, std::string>>& out) {
  const YamlValue* map = node_->Container(key, Kind::kMapping, "its keys below it, indented");
  if (map == nullptr) return;
  const std::string path = JoinPath(node_->path, key);
  for (const YamlValue& child : map->children) {
    JsonWriter json;
    node_->document->WriteJson(child, JoinPath(path, child.key), json);
    out.emplace_back(child.key, json.TakeString());
  }
}

void YamlReader::Read(const std::string& key,
                      std::vector<std::pair<std::string, std::string>>& out) {
  const YamlValue* map = node_->Container(key, Kind::kMapping, "its keys below it, indented");
  if (map == nullptr) return;
  const std::string path = JoinPath(node_->path, key);
  for (const YamlValue& child : map->children) {
    std::optional<std::string> text = node_->document->Text(child, JoinPath(path, child.key));
    if (!text) continue;
    if (const std::string wrong = WithoutBraces(child); !wrong.empty()) {
      node_->document->Report(child.line, JoinPath(path, child.key), wrong);
    } else {
      out.emplace_back(child.key, std::move(*text));
    }
  }
}

bool YamlReader::Has(const std::string& key) const { return node_->Peek(key) != nullptr; }

YamlReader YamlReader::Child(const std::string& key) {
  const YamlValue* value = node_->Container(key, Kind::kMapping, "its keys below it, indented");
  return YamlReader(std::make_shared<Node>(Node{node_->document,
                                                value,
                                                JoinPath(node_->path, key),
                                                JoinPath(node_->pattern, key),
                                                node_->LineOf(key),
                                                {}}));
}

std::vector<std::pair<std::string, YamlReader>> YamlReader::Entries() {
  std::vector<std::pair<std::string, YamlReader>> out;
  if (node_->mapping == nullptr) return out;
  for (const YamlValue& child : node_->mapping->children) {
    node_->asked.push_back(child.key);
    if (child.kind == Kind::kScalar || child.kind == Kind::kSequence) {
      Error(child.key, "is not the name of an entry with keys below it; write \"" + child.key +
                           ":\" and its keys indented below, or indent this line more");
      continue;
    }
    out.emplace_back(child.key,
                     YamlReader(std::make_shared<Node>(Node{node_->document,
                                                            &child,
                                                            JoinPath(node_->path, child.key),
                                                            JoinPath(node_->pattern, kAnyName),
                                                            child.line,
                                                            {}})));
  }
  return out;
}

void YamlReader::Error(const std::string& key, const std::string& message) {
  node_->Report(key, message);
}

void YamlReader::Error(const std::string& key, std::size_t index, const std::string& message) {
  const YamlValue* list = node_->Peek(key);
  const bool has_item = list != nullptr && index < list->children.size();
  node_->document->Report(has_item ? list->children[index].line : node_->LineOf(key),
                          JoinPath(JoinPath(node_->path, key), index), message);
}

void YamlReader::Done() {
  if (node_->mapping == nullptr) return;
  for (const YamlValue& child : node_->mapping->children) {
    if (!Contains(node_->asked, child.key)) {
      Error(child.key, "unknown key; " + SuggestKey(child.key, node_->asked));
    }
  }
}

std::string YamlReader::Where(const std::string& key) const {
  return node_->document->Place(node_->LineOf(key),
                                key.empty() ? node_->path : JoinPath(node_->path, key));
}

}  // namespace mom
