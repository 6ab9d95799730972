// The command line of one command: one table, by which it is parsed and from which --help is made.
#ifndef MOM_CLIENTS_CLI_COMMAND_LINE_H_
#define MOM_CLIENTS_CLI_COMMAND_LINE_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "service/base/status.h"

namespace mom::cli {

// `--name value` and `--name=value` are the same; what follows `--` is no option. `--help` is known
// to all.
class CommandLine {
 public:
  // `command`: "ask". `words`: how --help shows what is no option ("[QUESTION...]"); empty: there
  // is no such thing. `about`: what the command does, in lines for --help.
  CommandLine(std::string command, std::string words, std::string about);

  // An option without a value. `set` is called for each time that it is there.
  void AddSwitch(std::string name, std::string help, std::function<void()> set);
  // An option with a value, which --help calls `placeholder`. An empty value is a mistake.
  void AddValue(std::string name, std::string placeholder, std::string help,
                std::function<void(std::string)> set);

  // Reads the arguments behind the command. kInvalidArgument names the wrong one and what to write.
  Status Parse(const std::vector<std::string>& args);
  // Parse(), for a program: gives the exit code where it ends with that, as --help is printed or a
  // mistake is told on stderr.
  std::optional<int> Read(const std::vector<std::string>& args);

  // What is no option, in its order.
  const std::vector<std::string>& words() const { return words_; }
  std::string Help() const;

 private:
  struct Option {
    std::string name;
    std::string placeholder;  // empty: it takes no value
    std::string help;
    std::function<void(std::string)> set;
  };

  const Option* Find(const std::string& name) const;
  Status Unknown(const std::string& name) const;

  std::string command_;
  std::string words_placeholder_;
  std::string about_;
  std::vector<Option> options_;
  std::vector<std::string> words_;
  bool help_wanted_ = false;
};

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_COMMAND_LINE_H_
