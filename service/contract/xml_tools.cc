#include "service/contract/xml_tools.h"

#include <algorithm>
#include <map>
#include <optional>

#include "service/base/ascii.h"
#include "service/contract/pattern.h"
#include "service/contract/request_text.h"
#include "service/contract/text_lines.h"

namespace mom {
namespace {

// The tools of the sections "## name", "Description: ...", "Parameters:", "- name: (required) ...".
std::vector<XmlTool> ReadTools(std::string_view instructions) {
  static const RE2& kSection = Pattern({"^## (\\w+)\\s*$"});
  static const RE2& kParameter = Pattern({"^- (\\w+): ?(\\(required\\))?"});
  std::vector<XmlTool> tools;
  std::optional<XmlTool> tool;  // of a section whose description was seen or comes next
  bool described = false;
  bool lists_parameters = false;
  const auto end_section = [&] {
    if (tool && described) tools.push_back(*std::move(tool));
    tool.reset();
    described = lists_parameters = false;
  };
  for (const std::string_view raw : SplitLines(instructions)) {
    const std::string_view line = WithoutBreak(raw);
    std::string name;
    std::string required;
    if (line.starts_with("#")) end_section();
    if (RE2::FullMatch(Piece(line), kSection, &name)) {
      tool = XmlTool{name, {}};
    } else if (line.starts_with("Description:")) {
      described = true;
    } else if (line.starts_with("Parameters:")) {
      lists_parameters = true;
    } else if (line.starts_with("Usage:") || line.starts_with("<")) {
      lists_parameters = false;
    } else if (tool && lists_parameters &&
               RE2::PartialMatch(Piece(line), kParameter, &name, &required)) {
      tool->parameters.push_back({LowerCase(name), !required.empty()});
    }
  }
  end_section();
  return tools;
}

struct Use {
  const XmlTool* tool = nullptr;
  std::map<std::string, std::string_view, std::less<>> parameters;
  bool closed = false;
};

// Reads an answer's uses of tools one after the other, as the clients do.
class UseReader {
 public:
  UseReader(const std::vector<XmlTool>& tools, std::string_view answer)
      : tools_(tools), rest_(answer) {}

  std::optional<Use> Next() {
    while (SkipToTag()) {
      const std::string_view tag = Tag();
      for (const XmlTool& tool : tools_) {
        if (tag != tool.name) continue;
        rest_.remove_prefix(1);
        return Read(tool);
      }
      rest_.remove_prefix(1);
    }
    return std::nullopt;
  }

 private:
  Use Read(const XmlTool& tool) {
    Use use;
    use.tool = &tool;
    const std::string end = "/" + tool.name;
    while (!use.closed && SkipToTag()) {
      const std::string_view tag = Tag();
      use.closed = tag == end;
      if (!use.closed && !ReadParameter(tag, use)) rest_.remove_prefix(1);
    }
    return use;
  }

  // Where the tag is a parameter's, goes to the tag that ends it; where there is none, to the end.
  bool ReadParameter(std::string_view tag, Use& use) {
    const std::vector<XmlParameter>& parameters = use.tool->parameters;
    const auto is_named = [&](const XmlParameter& one) { return one.name == tag; };
    if (std::none_of(parameters.begin(), parameters.end(), is_named)) return false;
    const std::string_view inside = rest_.substr(tag.size() + 2);
    const std::size_t end = inside.find("</" + std::string(tag) + ">");
    use.parameters[std::string(tag)] = Strip(inside.substr(0, end));
    rest_ = inside.substr(std::min(end, inside.size()));
    return true;
  }

  bool SkipToTag() {
    rest_.remove_prefix(std::min(rest_.find('<'), rest_.size()));
    return !rest_.empty();
  }

  // What stands between this `<` and the next `>`; empty where another `<` comes first.
  std::string_view Tag() const {
    const std::size_t end = rest_.find_first_of("<>", 1);
    if (end == std::string_view::npos || rest_[end] == '<') return {};
    return rest_.substr(1, end - 1);
  }

  const std::vector<XmlTool>& tools_;
  std::string_view rest_;
};

}  // namespace

std::vector<XmlTool> FindXmlTools(const ChatRequest& request) {
  static const RE2& kOpening =
      Pattern({"(?m)^Tool uses? (?:is|are) formatted using XML-style tags\\."});
  if (!request.tools.empty()) return {};
  for (const std::string& text : Instructions(request)) {
    if (Finds(kOpening, text)) return ReadTools(text);
  }
  return {};
}

Verdict CheckXmlTools(const std::vector<XmlTool>& tools, std::string_view answer) {
  Verdict verdict;
  UseReader reader(tools, answer);
  const std::optional<Use> use = reader.Next();
  if (!use) {
    verdict.Break(0.1, "it uses none of the tools");
    return verdict;
  }
  const std::string& name = use->tool->name;
  if (!use->closed) verdict.Break(0.15, name + ": its tag is not closed");
  for (const XmlParameter& parameter : use->tool->parameters) {
    const auto given = use->parameters.find(parameter.name);
    if (parameter.required && (given == use->parameters.end() || given->second.empty())) {
      verdict.Break(0.2, name + ": the parameter " + parameter.name + " is missing");
    }
  }
  if (use->closed && reader.Next()) verdict.Lower(0.6, "it uses more than one tool");
  return verdict;
}

}  // namespace mom
