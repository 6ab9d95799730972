#include "service/base/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string_view>
#include <utility>

#include "service/base/units.h"
#include "service/base/utf8.h"
#include "service/base/yaml_syntax.h"

namespace mom {
namespace {

constexpr int kMostDepth = 64;
constexpr int kMostValues = 50'000;  // with aliases expanded: they can multiply

int LineOf(const YAML::Mark& mark) { return mark.line + 1; }

// Whether the quoted scalar that starts at `at` ends. The library takes the end of the file for the
// missing quote, and with it swallows all keys in between.
bool QuoteIsClosed(std::string_view text, std::size_t at) {
  if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) return true;
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      return true;  // `''` inside single quotes is followed by a further closing one
    }
  }
  return false;
}

class TreeBuilder {
 public:
  explicit TreeBuilder(std::string_view text) : text_(text) {}

  YamlValue Build(const YAML::Node& node, int line, const std::string& path, int depth) {
    YamlValue value;
    value.line = line;
    if (++values_ > kMostValues || depth > kMostDepth) {
      Mistake(line, path, "is nested too deeply or repeats too much by aliases; write it plainly");
      return value;
    }
    if (node.IsScalar()) {
      BuildScalar(node, path, value);
    } else if (node.IsSequence()) {
      value.kind = YamlValue::Kind::kSequence;
      for (const YAML::Node& item : node) {
        if (values_ > kMostValues) break;
        const std::string item_path = JoinPath(path, value.children.size());
        value.children.push_back(Build(item, LineOf(item.Mark()), item_path, depth + 1));
      }
    } else if (node.IsMap()) {
      BuildMapping(node, path, depth, value);
    }
    return value;
  }

  std::vector<YamlMistake> TakeMistakes() { return std::move(mistakes_); }

 private:
  void BuildScalar(const YAML::Node& node, const std::string& path, YamlValue& value) {
    value.kind = YamlValue::Kind::kScalar;
    value.scalar = node.Scalar();
    // "?" is the tag of plain scalars; quotes and tags both say that it is text.
    value.quoted = node.Tag() != "?" && !node.Tag().empty();
    if (!QuoteIsClosed(text_, static_cast<std::size_t>(std::max(node.Mark().pos, 0)))) {
      Mistake(LineOf(node.Mark()), path, "the quote is not closed; write the second quote");
    }
  }

  void BuildMapping(const YAML::Node& node, const std::string& path, int depth, YamlValue& value) {
    value.kind = YamlValue::Kind::kMapping;
    std::map<std::string, int> lines;
    for (const auto& pair : node) {
      if (values_ > kMostValues) break;
      const int line = LineOf(pair.first.Mark());
      if (!pair.first.IsScalar()) {
        Mistake(line, path, "a key is no plain text; write \"key: value\"");
        continue;
      }
      const std::string& key = pair.first.Scalar();
      const std::string key_path = JoinPath(path, key);
      const auto [first, is_new] = lines.emplace(key, line);
      if (!is_new) {
        Mistake(line, key_path,
                "is here a second time, first in line " + std::to_string(first->second) +
                    "; remove one of the two");
        continue;
      }
      value.children.push_back(Build(pair.second, line, key_path, depth + 1));
      value.children.back().key = key;
    }
  }

  void Mistake(int line, const std::string& path, std::string message) {
    mistakes_.push_back(YamlMistake{line, path, std::move(message)});
  }

  std::string_view text_;
  int values_ = 0;
  std::vector<YamlMistake> mistakes_;
};

YamlTree Broken(int line, const std::string& path, const std::string& message) {
  YamlTree tree;
  tree.mistakes.push_back(YamlMistake{line, path, message});
  return tree;
}

// Notes where documents start, and nothing else.
class DocumentStarts final : public YAML::EventHandler {
 public:
  int count() const { return count_; }
  int last_line() const { return last_line_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    ++count_;
    last_line_ = LineOf(mark);
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

 private:
  int count_ = 0;
  int last_line_ = 0;
};

// The line of a second document; 0 where there is none. The library begins one at a line that is
// indented less than the first one, too. Asking it for all documents at once does not end where it
// stumbles over a token that it never takes.
int SecondDocumentLine(const std::string& text) {
  std::istringstream input(text);
  YAML::Parser parser(input);
  DocumentStarts starts;
  parser.HandleNextDocument(starts);
  parser.HandleNextDocument(starts);
  return starts.count() > 1 ? starts.last_line() : 0;
}

YamlTree BuildTree(const std::string& text) {
  const YAML::Node document = YAML::Load(text);
  if (const int line = SecondDocumentLine(text); line > 0) {
    return Broken(line, "",
                  text.find("\n---") != std::string::npos
                      ? "a second document begins here; write one document, without ---"
                      : "does not belong to the keys above; start all top-level keys at the "
                        "beginning of their line, as \"key:\"");
  }
  if (!document.IsMap()) {
    return Broken(1, "",
                  "is no mapping of keys; write sections such as \"providers:\", \"models:\" and "
                  "\"mixtures:\"");
  }
  TreeBuilder builder(text);
  YamlTree tree;
  tree.root = builder.Build(document, 1, "", 0);
  tree.mistakes = builder.TakeMistakes();
  return tree;
}

}  // namespace

YamlTree ParseYaml(const std::string& text) {
  const std::size_t start = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;  // a byte order mark
  const std::string body = text.substr(start);
  if (!IsValidUtf8(body)) return Broken(1, "", "is not UTF-8 text; save the file as UTF-8");
  try {
    return BuildTree(body);
  } catch (const YAML::Exception& error) {
    YamlTree tree;
    tree.mistakes.push_back(ExplainSyntax(body, LineOf(error.mark), error.msg));
    return tree;
  }
}

std::optional<std::string> JsonLiteral(const std::string& text) {
  static const std::map<std::string, std::string> kWords = {
      {"true", "true"}, {"True", "true"}, {"false", "false"}, {"False", "false"},
      {"null", "null"}, {"Null", "null"}, {"~", "null"},
  };
  if (const auto word = kWords.find(text); word != kWords.end()) return word->second;
  if (!ParseNumber(text)) return std::nullopt;
  // JSON takes no leading zero, and a digit on both sides of the point.
  const std::string_view digits = std::string_view(text).substr(text.starts_with('-') ? 1 : 0);
  const std::size_t point = digits.find('.');
  const auto is_digit = [&](std::size_t at) {
    return at < digits.size() && digits[at] >= '0' && digits[at] <= '9';
  };
  if (!is_digit(0) || (digits[0] == '0' && is_digit(1))) return std::nullopt;
  if (point != std::string_view::npos && !is_digit(point + 1)) return std::nullopt;
  return text;
}

std::string JoinPath(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

std::string JoinPath(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

}  // namespace mom
