// mom-emulator: the provider emulator as a program.
#include <boost/system/system_error.hpp>
#include <csignal>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/address.h"
#include "service/base/units.h"
#include "tests/testing/emulator/emulator.h"

namespace mom::testing {
namespace {

constexpr std::string_view kHelp =
    R"(mom-emulator: an LLM provider for tests and benchmarks. It answers by a script.

usage: mom-emulator [--script FILE] [--listen HOST:PORT] [--tls CA_FILE] [--threads N] [--keep N]

  --script FILE        JSON: what to answer, by model and call (docs/emulator.md).
                       Without it every call gets a canned sentence.
  --listen HOST:PORT   a loopback address; port 0 takes a free one. Default 127.0.0.1:0
  --tls CA_FILE        serves TLS too, with HTTP/1.1 and HTTP/2, on free ports: one with a good
                       certificate, the others with bad ones. The certificate of their authority
                       is written to this file, for the client to trust.
  --threads N          1 to 64. Default 1, which is enough for most
  --keep N             requests and invoices that are kept for a look. Default 10000
  --help               this text

It prints "listening http://HOST:PORT/v1", then with --tls one line for each kind of certificate,
"tls KIND https://HOST:PORT/v1", and serves until SIGINT or SIGTERM.
  GET  /_emulator/state  /_emulator/requests  /_emulator/invoices
  POST /_emulator/reset  /_emulator/script  /_emulator/open/GATE
)";

struct Arguments {
  std::string script;
  EmulatorOptions options;
};

StatusOr<std::int64_t> ReadNumber(const std::string& flag, const std::string& value,
                                  std::int64_t most) {
  const std::optional<std::int64_t> number = ParseInteger(value);
  if (number && *number >= 1 && *number <= most) return *number;
  return absl::InvalidArgumentError(flag + " " + value + ": write a whole number from 1 to " +
                                    std::to_string(most));
}

Status ReadArgument(const std::string& flag, std::string value, Arguments& arguments) {
  constexpr std::int64_t kMaxThreads = 64;
  constexpr std::int64_t kMaxKept = 100'000'000;
  if (flag == "--script") {
    arguments.script = std::move(value);
  } else if (flag == "--listen") {
    const std::string problem = CheckAddress("", false, value);
    if (!problem.empty()) return absl::InvalidArgumentError("--listen: " + problem);
    arguments.options.listen = std::move(value);
  } else if (flag == "--tls") {
    arguments.options.ca_file = std::move(value);
  } else if (flag == "--threads") {
    const StatusOr<std::int64_t> threads = ReadNumber(flag, value, kMaxThreads);
    if (!threads.ok()) return threads.status();
    arguments.options.threads = static_cast<int>(*threads);
  } else if (flag == "--keep") {
    const StatusOr<std::int64_t> keep = ReadNumber(flag, value, kMaxKept);
    if (!keep.ok()) return keep.status();
    arguments.options.keep = static_cast<std::size_t>(*keep);
  } else {
    return absl::InvalidArgumentError(flag + ": unknown; see mom-emulator --help");
  }
  return absl::OkStatus();
}

StatusOr<Arguments> ReadArguments(const std::vector<std::string>& words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); i += 2) {
    if (i + 1 == words.size()) {
      return absl::InvalidArgumentError(words[i] + ": a value is missing; see mom-emulator --help");
    }
    const Status status = ReadArgument(words[i], words[i + 1], arguments);
    if (!status.ok()) return status;
  }
  return arguments;
}

Status CannotStart(const EmulatorOptions& options, const boost::system::error_code& error) {
  const bool is_file = error.category() == boost::system::generic_category();
  const std::string where = is_file ? "--tls " + options.ca_file : "--listen " + options.listen;
  const std::string remedy =
      is_file ? "name a file that can be written" : "port 0 takes a free port";
  return absl::UnavailableError(where + ": " + error.message() + "; " + remedy);
}

Status Run(const std::vector<std::string>& words) {
  const StatusOr<Arguments> arguments = ReadArguments(words);
  if (!arguments.ok()) return arguments.status();
  Script script;
  if (!arguments->script.empty()) {
    StatusOr<Script> loaded = LoadScript(arguments->script);
    if (!loaded.ok()) return loaded.status();
    script = *std::move(loaded);
  }
  // Blocked before the threads start, so that only sigwait() gets them.
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGINT);
  sigaddset(&stop, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  try {
    const Emulator emulator(script, arguments->options);
    std::cout << "listening " << emulator.base_url() << "\n";
    if (!arguments->options.ca_file.empty()) {
      for (const auto& [kind, name] : kCertificates) {
        std::cout << "tls " << name << " " << emulator.base_url(kind) << "\n";
      }
    }
    std::cout << std::flush;
    int signal = 0;
    sigwait(&stop, &signal);
  } catch (const boost::system::system_error& error) {
    return CannotStart(arguments->options, error.code());
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace mom::testing

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  for (const std::string& word : words) {
    if (word == "--help" || word == "-h") {
      std::cout << mom::testing::kHelp;
      return 0;
    }
  }
  const mom::Status status = mom::testing::Run(words);
  if (status.ok()) return 0;
  std::cerr << "mom-emulator: " << mom::MessageOf(status) << "\n";
  return 1;
}
