#include "clients/cli/models_command.h"

#include <cstdio>

#include "clients/cli/command_line.h"
#include "clients/cli/connection.h"
#include "clients/cli/exit_code.h"
#include "clients/cli/proto_json.h"
#include "clients/cli/service_address.h"
#include "clients/cli/table.h"
#include "service/base/nearest_name.h"

namespace mom::cli {
namespace {

std::string DescribeModel(const v1::Model& model) {
  if (model.kind() == v1::MODEL_KIND_MODEL) return model.upstream_id() + " at " + model.provider();
  const std::string members = JoinNames({model.members().begin(), model.members().end()});
  const std::string critic = model.critic().empty() ? "" : "; critic " + model.critic();
  return model.strategy() + ": " + members + critic;
}

std::string Format(const v1::ListModelsResponse& response) {
  std::vector<std::vector<std::string>> rows = {{"NAME", "KIND", "CONTEXT", "WHAT"}};
  for (const v1::Model& model : response.models()) {
    const std::int64_t window = model.context_window();
    rows.push_back({model.name(), model.kind() == v1::MODEL_KIND_MIXTURE ? "mixture" : "model",
                    window == 0 ? "-" : std::to_string(window), DescribeModel(model)});
  }
  return FormatTable(rows);
}

}  // namespace

int RunModels(const std::vector<std::string>& args) {
  CommandLine command_line("models", "", "Lists the mixtures and models that requests can name.");
  AddressOptions options;
  bool json = false;
  options.AddTo(command_line);
  command_line.AddSwitch("--json", "print momd's ListModelsResponse as JSON", [&] { json = true; });
  if (const auto exit_code = command_line.Read(args)) return *exit_code;
  const StatusOr<std::string> address = FindAddress(options, ProcessEnv());
  if (!address.ok()) return FailUsage(MessageOf(address.status()));

  Connection connection(*address);
  grpc::ClientContext context;
  Connection::LimitTime(context);
  v1::ListModelsResponse response;
  const Status status = connection.ToStatus(connection.mom().ListModels(&context, {}, &response));
  if (!status.ok()) return Fail(status);
  const StatusOr<std::string> text = json ? ToJson(response) : Format(response);
  if (!text.ok()) return Fail(text.status());
  std::fputs((*text + (json ? "\n" : "")).c_str(), stdout);
  return kDone;
}

}  // namespace mom::cli
