#include "clients/cli/service_address.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "service/base/address.h"
#include "service/base/yaml_reader.h"

namespace mom::cli {
namespace {

constexpr char kDefaultAddress[] = "127.0.0.1:50051";
constexpr char kVariable[] = "MOM_ADDRESS";

StatusOr<std::string> Checked(const std::string& source, std::string address) {
  const std::string wrong = CheckAddress("", /*unix_allowed=*/true, address);
  if (wrong.empty()) return address;
  return MakeError(StatusCode::kInvalidArgument, source + ": " + wrong, ErrorInfo());
}

StatusOr<std::string> AddressFromConfig(const std::string& file, const EnvLookup& env) {
  StatusOr<std::shared_ptr<YamlDocument>> document = YamlDocument::Load(file, env);
  if (!document.ok()) return document.status();
  YamlReader root = (*document)->Root();
  YamlReader server = root.Child("server");
  std::vector<std::string> listen = {kDefaultAddress};
  server.Read("listen", listen);
  std::string address = listen.empty() ? "" : listen.front();
  const std::string wrong = CheckAddress((*document)->directory(), true, address);
  if (!wrong.empty()) server.Error("listen", 0, wrong);
  if (const Status status = (*document)->status(); !status.ok()) return status;
  return address;
}

}  // namespace

void AddressOptions::AddTo(CommandLine& command_line) {
  command_line.AddValue("--address", "ADDRESS", "where momd listens: HOST:PORT or unix:PATH",
                        [this](std::string value) { address = std::move(value); });
  command_line.AddValue("--config", "FILE", "take it from `server.listen` of momd's config",
                        [this](std::string value) { config = std::move(value); });
}

StatusOr<std::string> FindAddress(const AddressOptions& options, const EnvLookup& env) {
  if (!options.address.empty()) return Checked("--address", options.address);
  if (!options.config.empty()) return AddressFromConfig(options.config, env);
  const std::optional<std::string> variable = env(kVariable);
  if (variable && !variable->empty()) return Checked(kVariable, *variable);
  return std::string(kDefaultAddress);
}

}  // namespace mom::cli
