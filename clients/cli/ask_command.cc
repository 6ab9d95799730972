#include "clients/cli/ask_command.h"

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "clients/cli/answer_call.h"
#include "clients/cli/answer_printer.h"
#include "clients/cli/command_line.h"
#include "clients/cli/connection.h"
#include "clients/cli/exit_code.h"
#include "clients/cli/interrupts.h"
#include "clients/cli/question.h"
#include "clients/cli/service_address.h"
#include "clients/cli/terminal.h"
#include "clients/cli/watch_printer.h"
#include "service/base/reasons.h"
#include "service/base/utf8.h"

namespace mom::cli {
namespace {

using CallClock = AnswerCall::Clock;

struct AskOptions {
  AddressOptions address;
  std::string model;
  std::string system;
  std::vector<std::string> files;
  std::optional<bool> stream;
  bool json = false;
  bool watch = false;

  bool streams() const { return stream.value_or(!json); }

  void AddTo(CommandLine& line) {
    line.AddValue("--model", "NAME", "a mixture or a model (default: the mixture mom)",
                  [this](std::string value) { model = std::move(value); });
    line.AddValue("--system", "TEXT", "instructions to the models, before the question",
                  [this](std::string value) { system = std::move(value); });
    line.AddValue("--file", "FILE", "add the text of a file to the question; may be repeated",
                  [this](std::string value) { files.push_back(std::move(value)); });
    line.AddSwitch("--watch", "show how each model does while the answer comes",
                   [this] { watch = true; });
    line.AddSwitch("--stream", "print the answer while it is written (default)",
                   [this] { stream = true; });
    line.AddSwitch("--no-stream", "print the answer when it is whole", [this] { stream = false; });
    line.AddSwitch("--json", "print momd's SynthesizeResponse as JSON; with --stream, each event",
                   [this] { json = true; });
    address.AddTo(line);
  }
};

constexpr char kAboutAsk[] =
    "Asks a mixture of models, or one model, and prints the answer. The question is the\n"
    "arguments, then the files, then what is piped in. Ctrl-C stops every model.";

void AddMessage(v1::Role role, const std::string& text, v1::ChatInput& input) {
  v1::Message& message = *input.add_messages();
  message.set_role(role);
  message.add_content()->set_text(text);
}

v1::SynthesizeRequest MakeRequest(const AskOptions& options, const std::string& question) {
  v1::SynthesizeRequest request;
  request.set_model(options.model);
  if (!options.system.empty()) {
    AddMessage(v1::ROLE_SYSTEM, options.system, *request.mutable_input());
  }
  AddMessage(v1::ROLE_USER, question, *request.mutable_input());
  request.set_include_candidates(options.json || options.watch);
  return request;
}

std::unique_ptr<AnswerCall> Call(Connection& connection, Interrupts& interrupts,
                                 const AskOptions& options, v1::SynthesizeRequest request) {
  if (!options.streams()) return AnswerCall::Whole(connection, interrupts, request);
  v1::SynthesizeStreamRequest wrapped;
  *wrapped.mutable_request() = std::move(request);
  wrapped.set_include_progress(options.json || options.watch);
  wrapped.set_include_candidate_deltas(options.watch);
  return AnswerCall::Stream(connection, interrupts, wrapped);
}

std::unique_ptr<AnswerPrinter> MakePrinter(const AskOptions& options) {
  if (options.json) return MakeJsonPrinter(options.streams());
  const Terminal terminal = OutputTerminal(ProcessEnv());
  return options.watch ? MakeWatchPrinter(terminal) : MakeTextPrinter(terminal);
}

// However the call ended: what was printed of its answer is not the whole of it.
Status AsCut(const Status& status) {
  ErrorInfo info = GetErrorInfo(status);
  if (info.reason == reason::kAnswerCut) return status;
  info.metadata["cause"] = info.reason;
  info.reason = reason::kAnswerCut;
  return MakeError(status.code(), "the answer broke off: " + MessageOf(status), std::move(info));
}

// OK: the answer is whole and printed.
Status Print(AnswerCall& call, AnswerPrinter& printer) {
  bool begun = false;
  const auto interval = printer.interval();
  const bool redraws = interval.count() > 0;
  Status written = printer.Redraw();
  while (written.ok()) {
    const AnswerCall::Next next =
        call.Wait(redraws ? CallClock::now() + interval : CallClock::time_point::max());
    if (next == AnswerCall::Next::kEnd) {
      const Status status = begun && !call.status().ok() ? AsCut(call.status()) : call.status();
      written = printer.End(status);
      return status.ok() ? written : status;
    }
    const bool is_event = next == AnswerCall::Next::kEvent;
    begun = begun || (is_event && call.event().has_delta());
    written = is_event ? printer.Take(call.event()) : printer.Redraw();
  }
  return written;
}

}  // namespace

int RunAsk(const std::vector<std::string>& args) {
  CommandLine command_line("ask", "[QUESTION...]", kAboutAsk);
  AskOptions options;
  options.AddTo(command_line);
  if (const auto exit_code = command_line.Read(args)) return *exit_code;
  if (options.watch && (options.json || !options.streams())) {
    return FailUsage("ask: --watch shows a stream; leave out --json and --no-stream");
  }
  if (!IsValidUtf8(options.system) || !IsValidUtf8(options.model)) {
    return FailUsage("ask: --system and --model must be text in UTF-8");
  }
  const StatusOr<std::string> address = FindAddress(options.address, ProcessEnv());
  if (!address.ok()) return FailUsage(MessageOf(address.status()));
  const bool is_told = !command_line.words().empty() || !options.files.empty();
  const bool at_terminal = ::isatty(STDIN_FILENO) == 1;
  if (at_terminal && !is_told) std::fputs("Type the question, then Ctrl-D.\n", stderr);
  const StatusOr<std::string> question =
      ReadQuestion(command_line.words(), options.files, at_terminal && is_told ? "" : "/dev/stdin");
  if (!question.ok()) return FailUsage("ask: " + MessageOf(question.status()));

  Interrupts interrupts;
  Connection connection(*address);
  const auto printer = MakePrinter(options);
  if (const Status connected = connection.Connect(); !connected.ok()) {
    const Status written = printer->End(connected);
    return Fail(written.ok() ? connected : written);
  }
  const auto call = Call(connection, interrupts, options, MakeRequest(options, *question));
  const Status status = Print(*call, *printer);
  if (status.ok()) return kDone;
  if (interrupts.signal() != 0) DieOf(interrupts.signal());
  return Fail(status);
}

}  // namespace mom::cli
