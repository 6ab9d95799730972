#include "clients/cli/command_line.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <utility>

#include "clients/cli/exit_code.h"
#include "service/base/nearest_name.h"

namespace mom::cli {
namespace {

Status Wrong(const std::string& message) {
  return MakeError(StatusCode::kInvalidArgument, message, ErrorInfo());
}

}  // namespace

CommandLine::CommandLine(std::string command, std::string words, std::string about)
    : command_(std::move(command)),
      words_placeholder_(std::move(words)),
      about_(std::move(about)) {}

void CommandLine::AddSwitch(std::string name, std::string help, std::function<void()> set) {
  options_.push_back({std::move(name), "", std::move(help),
                      [set = std::move(set)](const std::string&) { set(); }});
}

void CommandLine::AddValue(std::string name, std::string placeholder, std::string help,
                           std::function<void(std::string)> set) {
  options_.push_back({std::move(name), std::move(placeholder), std::move(help), std::move(set)});
}

const CommandLine::Option* CommandLine::Find(const std::string& name) const {
  const auto found = std::find_if(options_.begin(), options_.end(),
                                  [&](const Option& option) { return option.name == name; });
  return found == options_.end() ? nullptr : &*found;
}

Status CommandLine::Unknown(const std::string& name) const {
  std::vector<std::string> known = {"--help"};
  for (const Option& option : options_) known.push_back(option.name);
  const std::string near = NearestName(name, known);
  return Wrong("unknown option " + name + (near.empty() ? "" : "; did you mean " + near + "?"));
}

Status CommandLine::Parse(const std::vector<std::string>& args) {
  bool options_ended = false;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string& arg = args[i];
    if (options_ended || arg == "-" || !arg.starts_with('-')) {
      if (words_placeholder_.empty()) return Wrong("takes no argument like \"" + arg + "\"");
      words_.push_back(arg);
      continue;
    }
    if (arg == "--") {
      options_ended = true;
      continue;
    }
    if (arg == "--help" || arg == "-h") {
      help_wanted_ = true;
      return Status();
    }
    const std::size_t equals = arg.find('=');
    const std::string name = arg.substr(0, equals);
    const Option* const option = Find(name);
    if (option == nullptr) return Unknown(name);
    std::optional<std::string> value;
    if (equals != std::string::npos) value = arg.substr(equals + 1);
    if (option->placeholder.empty()) {
      if (value) return Wrong(name + " takes no value");
    } else {
      if (!value && i + 1 < args.size()) value = args[++i];
      if (!value || value->empty()) return Wrong(name + " needs a value: " + option->placeholder);
    }
    option->set(std::move(value).value_or(""));
  }
  return Status();
}

std::optional<int> CommandLine::Read(const std::vector<std::string>& args) {
  const Status status = Parse(args);
  if (!status.ok()) {
    return FailUsage(command_ + ": " + MessageOf(status) + "; see mom " + command_ + " --help");
  }
  if (!help_wanted_) return std::nullopt;
  std::fputs(Help().c_str(), stdout);
  return kDone;
}

std::string CommandLine::Help() const {
  const auto shown = [](const Option& option) {
    return option.name + (option.placeholder.empty() ? "" : " " + option.placeholder);
  };
  std::vector<std::pair<std::string, std::string>> rows;
  for (const Option& option : options_) rows.emplace_back(shown(option), option.help);
  rows.emplace_back("--help", "this");
  std::size_t width = 0;
  for (const auto& [left, right] : rows) width = std::max(width, left.size());
  std::string out = "usage: mom " + command_ + " [options]" +
                    (words_placeholder_.empty() ? "" : " " + words_placeholder_) + "\n" + about_ +
                    "\n\n";
  for (const auto& [left, right] : rows) {
    out += "  " + left + std::string(width - left.size() + 2, ' ') + right + "\n";
  }
  return out;
}

}  // namespace mom::cli
