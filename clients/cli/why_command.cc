#include "clients/cli/why_command.h"

#include "clients/cli/command_line.h"
#include "clients/cli/connection.h"
#include "clients/cli/exit_code.h"
#include "clients/cli/proto_json.h"
#include "clients/cli/run_text.h"
#include "clients/cli/service_address.h"
#include "clients/cli/terminal.h"

namespace mom::cli {

int RunWhy(const std::vector<std::string>& args) {
  CommandLine command_line("why", "[ID]",
                           "Tells how momd came to an answer: which strategy ran and why, who won, "
                           "why the\nothers lost, and what it cost. ID is a request's id, or that "
                           "of its answer; without\none, or for `latest`, it is the request that "
                           "ended last.");
  AddressOptions options;
  bool json = false;
  options.AddTo(command_line);
  command_line.AddSwitch("--json", "print momd's Run as JSON", [&] { json = true; });
  if (const auto exit_code = command_line.Read(args)) return *exit_code;
  if (command_line.words().size() > 1) return FailUsage("why: name one request: mom why ID");
  const StatusOr<std::string> address = FindAddress(options, ProcessEnv());
  if (!address.ok()) return FailUsage(MessageOf(address.status()));

  v1::GetRunRequest request;
  if (!command_line.words().empty() && command_line.words().front() != "latest") {
    request.set_request_id(command_line.words().front());
  }
  Connection connection(*address);
  grpc::ClientContext context;
  Connection::LimitTime(context);
  v1::GetRunResponse response;
  const Status got = connection.ToStatus(connection.mom().GetRun(&context, request, &response));
  if (!got.ok()) return Fail(got);
  StatusOr<std::string> text =
      json ? ToJson(response.run())
           : FormatRun(response.run(), OutputTerminal(ProcessEnv()).has_colour);
  if (!text.ok()) return Fail(text.status());
  const Status written = WriteOutput(*text + (json ? "\n" : ""));
  return written.ok() ? kDone : Fail(written);
}

}  // namespace mom::cli
