#include "tests/testing/emulator/admin.h"

#include <boost/beast/core/string.hpp>
#include <string>
#include <utility>

#include "service/base/json_writer.h"
#include "service/base/utf8.h"

namespace mom::testing {
namespace {

constexpr std::string_view kPrefix = "/_emulator/";
constexpr std::string_view kWithSecrets = "requests?secrets=1";

double InMilliseconds(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

bool IsSecret(std::string_view header) {
  for (const std::string_view name : {"authorization", "proxy-authorization", "x-api-key",
                                      "api-key", "x-goog-api-key", "cookie"}) {
    if (boost::beast::iequals(header, name)) return true;
  }
  return false;
}

void WriteRequest(JsonWriter& writer, const RecordedRequest& request, bool secrets) {
  writer.BeginObject().Field("id", request.id).Field("at_ms", InMilliseconds(request.at));
  writer.Field("method", request.method).Field("target", request.target);
  writer.Field("http", request.http);
  writer.Field("model", request.model).Field("stream", request.stream);
  writer.Key("headers").BeginArray();
  for (const auto& [name, value] : request.headers) {
    const bool hidden = !secrets && IsSecret(name);
    writer.BeginArray().String(ToValidUtf8(name));
    writer.String(hidden ? "[hidden]" : ToValidUtf8(value)).EndArray();
  }
  writer.EndArray();
  writer.Field("body", ToValidUtf8(request.body)).EndObject();
}

std::string RequestsJson(const Journal& journal, bool secrets) {
  JsonWriter writer;
  writer.BeginArray();
  for (const RecordedRequest& request : journal.requests()) WriteRequest(writer, request, secrets);
  writer.EndArray();
  return writer.TakeString();
}

std::string InvoicesJson(const Journal& journal) {
  JsonWriter writer;
  writer.BeginArray();
  for (const Invoice& invoice : journal.invoices()) {
    writer.BeginObject().Field("request_id", invoice.request_id).Field("model", invoice.model);
    writer.Field("status", invoice.status).Field("prompt_tokens", invoice.prompt_tokens);
    writer.Field("completion_tokens", invoice.completion_tokens);
    writer.Field("complete", invoice.complete).Field("cut_by_client", invoice.cut_by_client);
    writer.Field("notice_ms", InMilliseconds(invoice.notice));
    writer.Field("started_ms", InMilliseconds(invoice.started));
    writer.Field("ended_ms", InMilliseconds(invoice.ended)).EndObject();
  }
  writer.EndArray();
  return writer.TakeString();
}

std::string StateJson(const EmulatorState& state) {
  JsonWriter writer;
  writer.BeginObject().Field("open_connections", state.open_connections);
  writer.Field("active_calls", state.active_calls).Field("connections", state.connections);
  writer.Field("requests", state.requests).Field("invoices", state.invoices);
  writer.Field("cut_by_client", state.cut_by_client).Field("tokens", state.tokens);
  writer.Key("held").BeginObject();
  for (const auto& [gate, count] : state.held) writer.Field(gate, count);
  writer.EndObject().EndObject();
  return writer.TakeString();
}

JsonReply Look(const Stage& stage, std::string_view what) {
  if (what == "requests") return {200, RequestsJson(stage.journal, false)};
  if (what == kWithSecrets) return {200, RequestsJson(stage.journal, true)};
  if (what == "invoices") return {200, InvoicesJson(stage.journal)};
  if (what == "state") return {200, StateJson(stage.journal.state())};
  return ErrorReply(404, "GET knows: requests, requests?secrets=1, invoices, state");
}

JsonReply Act(Stage& stage, std::string_view what, std::string_view body) {
  constexpr std::string_view kOpen = "open/";
  if (what == "reset") {
    stage.Reset();
  } else if (what == "script") {
    const StatusOr<Script> script = ParseScript(body);
    if (!script.ok()) return ErrorReply(400, MessageOf(script.status()));
    stage.Perform(*script);
  } else if (what.starts_with(kOpen) && what.size() > kOpen.size()) {
    stage.gates.Open(std::string(what.substr(kOpen.size())));
  } else {
    return ErrorReply(404, "POST knows: reset, script, open/NAME");
  }
  return {200, "{}"};
}

}  // namespace

bool IsAdmin(const RecordedRequest& request) { return request.target.starts_with(kPrefix); }

JsonReply AnswerAdmin(Stage& stage, const RecordedRequest& request) {
  const std::string_view what = std::string_view(request.target).substr(kPrefix.size());
  if (request.method == "GET") return Look(stage, what);
  if (request.method == "POST") return Act(stage, what, request.body);
  return ErrorReply(405, "use GET or POST");
}

JsonReply ErrorReply(int status, std::string_view message) {
  JsonWriter writer;
  writer.BeginObject().Key("error").BeginObject();
  writer.Field("message", ToValidUtf8(std::string(message)));
  writer.Field("type", "invalid_request_error");
  writer.Key("param").Null().Key("code").Null().EndObject().EndObject();
  return {status, writer.TakeString()};
}

}  // namespace mom::testing
