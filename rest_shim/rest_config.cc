#include "rest_shim/rest_config.h"

#include "service/base/address.h"

namespace mom::rest {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

// Origins are compared as texts, so one must be written as browsers send it.
std::string CheckOrigin(const std::string& origin) {
  if (origin == "*") return {};
  const std::size_t scheme_end = origin.find("://");
  const bool is_web = origin.starts_with("http://") || origin.starts_with("https://");
  if (is_web && origin.size() > scheme_end + 3 &&
      origin.find_first_of("/?# \t\r\n@", scheme_end + 3) == std::string::npos) {
    return {};
  }
  return "is no origin; write scheme, host and port only, such as http://localhost:3000, or *";
}

void ReadAddresses(YamlReader& reader, const std::string& directory, RestConfig& out) {
  reader.Read("listen", out.listen);
  reader.Read("service", out.service);
  std::string wrong = CheckAddress(directory, /*unix_allowed=*/false, out.listen);
  if (!wrong.empty()) reader.Error("listen", wrong);
  wrong = CheckAddress(directory, /*unix_allowed=*/true, out.service);
  if (!wrong.empty()) reader.Error("service", wrong);
}

}  // namespace

const std::vector<RestartKey<RestConfig>>& RestRestartKeys() {
  static const std::vector<RestartKey<RestConfig>> kKeys = {
      {"rest.listen", MemberDiffers<RestConfig, &RestConfig::listen>},
      {"rest.service", MemberDiffers<RestConfig, &RestConfig::service>}};
  return kKeys;
}

RestConfig ReadRestConfig(YamlReader& root, const std::string& config_directory) {
  RestConfig out;
  YamlReader reader = root.Child("rest");
  ReadAddresses(reader, config_directory, out);
  reader.ReadBytes("max_body_size", out.max_body_bytes, 1 << 10, 1 << 30);
  reader.Read("max_connections", out.max_connections, 1, 1'000'000);
  reader.ReadBytes("max_memory", out.max_memory, 1 << 20, std::int64_t{1} << 50);
  reader.Read("keep_alive", out.keep_alive, milliseconds(1), hours(1));
  reader.Read("commit_after", out.commit_after, milliseconds(0), hours(1));
  reader.Read("timeout", out.timeout, milliseconds(1), hours(24));
  reader.Read("drain_timeout", out.drain_timeout, milliseconds(0), hours(24));
  reader.ReadEnum("usage", out.usage, {"answer", "sum"});
  reader.ReadEnum("progress", out.progress, {"off", "reasoning"});
  reader.ReadEnum("log_level", out.log_level, {"debug", "info", "warning", "error"});
  reader.Read("cors_origins", out.cors_origins);
  for (std::size_t i = 0; i < out.cors_origins.size(); ++i) {
    if (out.cors_origins[i].empty()) continue;  // reported
    const std::string wrong = CheckOrigin(out.cors_origins[i]);
    if (!wrong.empty()) reader.Error("cors_origins", i, wrong);
  }
  reader.Done();
  return out;
}

}  // namespace mom::rest
