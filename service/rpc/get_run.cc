#include "service/rpc/get_run.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "service/base/reasons.h"
#include "service/rpc/convert_run.h"
#include "service/trace/reader.h"

namespace mom {
namespace {

// The newest run of a request's or an answer's id among the traces; an error says in words why
// there is none.
StatusOr<v1::Run> ReadRun(const std::string& directory, const std::string& id) {
  const StatusOr<TraceFolders> folders = ListTraces(directory);
  if (!folders.ok()) return folders.status();
  std::optional<std::string> folder = NewestTrace(*folders, id);
  if (!folder) folder = TraceOfAnswer(directory, *folders, id);
  if (!folder) return absl::NotFoundError("no trace of it is in " + directory);
  const StatusOr<Trace> trace = ReadTrace(directory, *folder);
  if (!trace.ok()) {
    return absl::NotFoundError("its trace " + *folder +
                               " cannot be read: " + MessageOf(trace.status()));
  }
  return ToRun(*trace);
}

asio::awaitable<StatusOr<v1::Run>> ReadRunHere(std::string directory, std::string id) {
  co_return ReadRun(directory, id);
}

Status RunNotFound(const std::string& id, std::size_t most, const std::string& of_traces) {
  std::string text = id.empty() ? "no run is known" : "no run `" + id + "` is known";
  text += "; momd keeps the last " + std::to_string(most) +
          " since its start (server.run_history); " + of_traces +
          ". What was refused before it ran is in the log alone";
  return MakeError(StatusCode::kNotFound, text, reason::kRunNotFound);
}

}  // namespace

RunArchive::RunArchive(const RunHistory& history, std::string traces)
    : history_(history), traces_(std::move(traces)) {
  if (!traces_.empty()) reader_.emplace(1);
}

asio::awaitable<StatusOr<v1::Run>> RunArchive::Find(std::string id) {
  std::optional<v1::Run> kept = history_.Find(id);
  if (kept) co_return *std::move(kept);
  if (!reader_) {
    co_return RunNotFound(id, history_.most(), "it writes no traces (--debug-requests)");
  }
  StatusOr<v1::Run> read =
      co_await asio::co_spawn(*reader_, ReadRunHere(traces_, id), asio::use_awaitable);
  if (read.ok()) co_return read;
  co_return RunNotFound(id, history_.most(), MessageOf(read.status()));
}

asio::awaitable<Status> ServeGetRun(UnaryCall& call, RunArchive& archive) {
  v1::GetRunRequest request;
  const Status parsed = call.ParseRequest(request);
  if (!parsed.ok()) co_return parsed;
  StatusOr<v1::Run> run = co_await archive.Find(request.request_id());
  if (!run.ok()) co_return run.status();
  v1::GetRunResponse response;
  *response.mutable_run() = *std::move(run);
  call.SetResponse(response);
  co_return Status();
}

}  // namespace mom
