#include "service/base/yaml_syntax.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace mom {
namespace {

struct Remedy {
  std::string_view complaint;  // of yaml-cpp
  std::string_view message;
};
constexpr std::array kRemedies = {
    Remedy{
        "end of sequence flow not found",
        "a list opened with [ is not closed, or an item has a special character; write the ] and "
        "put quotes around items with { } or \": \", as in [\"${NAME}\"]"},
    Remedy{"end of map flow not found",
           "a mapping opened with { is not closed, or a value has a special character; write the } "
           "and put quotes around values with { } or \": \", as in {key: \"${NAME}\"}"},
    Remedy{"illegal flow end", "a ] or } closes nothing; remove it or put quotes around the value"},
    Remedy{"unknown token",
           "a value starts with a character that is special in YAML; put quotes around it"},
    Remedy{
        "unknown escape character",
        "a backslash in double quotes starts an escape that YAML does not know; write \\\\ or use "
        "single quotes"},
    Remedy{
        "the referenced anchor is not defined",
        "a value that starts with * refers to an anchor that is not there; put quotes around it"},
    Remedy{"illegal block entry",
           "a list cannot start behind its key; write it below the key, "
           "one \"- item\" a line, or as [item, item]"},
    Remedy{
        "illegal map value",
        "a \"key: value\" is not expected here: the colon of the line above is missing or has no "
        "blank behind it, or this value contains \": \"; write \"key: value\", and put quotes "
        "around values with \": \""},
};

std::vector<std::string_view> SplitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool IsBlankOrComment(std::string_view line) {
  const std::size_t start = line.find_first_not_of(" \t\r");
  return start == std::string_view::npos || line[start] == '#';
}

std::size_t IndentOf(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

bool HasTabIndent(std::string_view line) {
  const std::size_t start = line.find_first_not_of(" \t");
  return start != std::string_view::npos && !IsBlankOrComment(line) &&
         line.substr(0, start).find('\t') != std::string_view::npos;
}

// The mapping keys that are open at a line, outermost first.
struct OpenKey {
  std::size_t indent;
  std::string name;
  bool has_value;  // on its own line
};

// The key of a line "  key: value" or "  key:"; nullopt for other lines.
std::optional<OpenKey> KeyOf(std::string_view line) {
  const std::size_t indent = IndentOf(line);
  const std::size_t colon = line.find(':', indent);
  if (colon == std::string_view::npos || colon == indent) return std::nullopt;
  const std::string_view name = line.substr(indent, colon - indent);
  if (name.find_first_of(" \t\"'{[#") != std::string_view::npos) return std::nullopt;
  return OpenKey{indent, std::string(name), !IsBlankOrComment(line.substr(colon + 1))};
}

// Follows the indentation down to line `last` (an index).
class Outline {
 public:
  Outline(const std::vector<std::string_view>& lines, std::size_t last) {
    for (std::size_t i = 0; i <= last && i < lines.size(); ++i) {
      if (!IsBlankOrComment(lines[i])) Add(lines[i]);
    }
  }
  std::string Path() const {
    std::string path;
    for (const OpenKey& key : open_) path = JoinPath(path, key.name);
    return path;
  }
  // What is wrong with the indent of the last line; empty: nothing.
  const std::string& complaint() const { return complaint_; }

 private:
  void Add(std::string_view line) {
    complaint_.clear();
    std::optional<OpenKey> key = KeyOf(line);
    if (!key) return;
    std::optional<OpenKey> closed;
    while (!open_.empty() && open_.back().indent >= key->indent) {
      closed = std::move(open_.back());
      open_.pop_back();
    }
    if (closed && closed->indent != key->indent) {
      complaint_ = "is indented by " + Blanks(key->indent) + ", its neighbours above by " +
                   Blanks(closed->indent) + "; give all keys of a mapping the same indent";
    } else if (!closed && !open_.empty() && open_.back().has_value) {
      complaint_ = "is indented deeper than \"" + open_.back().name +
                   "\" above, which has a value already; give both the same indent";
    }
    open_.push_back(std::move(*key));
  }
  static std::string Blanks(std::size_t n) {
    return std::to_string(n) + (n == 1 ? " blank" : " blanks");
  }
  std::vector<OpenKey> open_;
  std::string complaint_;
};

std::string Remedied(const std::string& complaint) {
  for (const Remedy& remedy : kRemedies) {
    if (complaint.starts_with(remedy.complaint)) return std::string(remedy.message);
  }
  return "is not YAML (" + complaint +
         "); check indentation, quotes and colons of this line and the one above";
}

}  // namespace

YamlMistake ExplainSyntax(const std::string& text, int line, const std::string& complaint) {
  const std::vector<std::string_view> lines = SplitLines(text);
  const std::size_t at = std::min<std::size_t>(static_cast<std::size_t>(std::max(line, 1) - 1),
                                               lines.empty() ? 0 : lines.size() - 1);
  const Outline outline(lines, at);
  YamlMistake out{static_cast<int>(at) + 1, outline.Path(), outline.complaint()};
  if (!lines.empty() && HasTabIndent(lines[at])) {
    out.message = "is indented by a tab, which YAML forbids; write two blanks for each level";
  } else if (out.message.empty()) {
    out.message = Remedied(complaint);
  }
  return out;
}

}  // namespace mom
