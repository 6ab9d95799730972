#include "service/rpc/server_config.h"

#include "service/base/address.h"

namespace mom {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

void ReadListen(YamlReader& reader, const std::string& directory, ServerConfig& out) {
  reader.Read("listen", out.listen);
  if (out.listen.empty()) {
    reader.Error("listen", "there is no address; write a list such as [\"127.0.0.1:50051\"]");
  }
  for (std::size_t i = 0; i < out.listen.size(); ++i) {
    if (out.listen[i].empty()) continue;  // reported
    const std::string wrong = CheckAddress(directory, /*unix_allowed=*/true, out.listen[i]);
    if (!wrong.empty()) reader.Error("listen", i, wrong);
  }
}

void ReadAdmission(YamlReader& reader, AdmissionLimits& out) {
  reader.Read("max_requests", out.requests, 1, 1'000'000);
  reader.ReadBytes("max_memory", out.bytes, 1 << 20, std::int64_t{1} << 50);
  reader.Read("max_queue", out.queue, 0, 1'000'000);
  reader.Read("max_wait", out.wait, milliseconds(0), hours(1));
}

void ReadUpstream(YamlReader& server, HttpClientOptions& out) {
  YamlReader reader = server.Child("upstream");
  std::int64_t connections = out.max_idle_connections;
  reader.Read("max_idle_connections", connections, 1, 1'000'000);
  out.max_idle_connections = static_cast<long>(connections);
  reader.ReadBytes("max_response_size", out.max_response_bytes, 1 << 10, 1 << 30);
  reader.Done();
}

}  // namespace

ServerConfig ReadServerConfig(YamlReader& root, const std::string& config_directory) {
  ServerConfig out;
  YamlReader reader = root.Child("server");
  ReadListen(reader, config_directory, out);
  reader.Read("threads", out.threads, 1, 256);
  reader.ReadBytes("max_request_size", out.max_request_bytes, 1 << 10, 1 << 30);
  ReadAdmission(reader, out.admission);
  reader.Read("heartbeat", out.heartbeat, milliseconds(1), hours(1));
  reader.Read("slow_reader_timeout", out.slow_reader_timeout, milliseconds(1), hours(1));
  reader.Read("drain_timeout", out.drain_timeout, milliseconds(0), hours(24));
  reader.Read("run_history", out.run_history, 0, 1'000'000);
  reader.ReadEnum("log_level", out.log_level, {"debug", "info", "warning", "error"});
  ReadUpstream(reader, out.upstream);
  reader.Done();
  return out;
}

}  // namespace mom
