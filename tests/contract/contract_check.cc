// contract_check: the contract checker as a filter, for tests that have many cases. It reads
// {"messages": [{"role", "content"}], "response_format": TYPE, "answers": [TEXT]}, one a line, and
// writes {"contract", "files", "detect_us", "verdicts": [{"usable", "score", "why", "us",
// "changes": {PATH: TEXT or null}}]} for each.
#include <simdjson.h>

#include <chrono>
#include <iostream>
#include <string>
#include <string_view>

#include "service/base/json_writer.h"
#include "service/contract/contract.h"

namespace mom {
namespace {

using Clock = std::chrono::steady_clock;

std::int64_t MicrosecondsSince(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
}

ChatRequest ReadRequest(simdjson::dom::element line) {
  ChatRequest request;
  for (const simdjson::dom::element one : line["messages"].get_array()) {
    Message message;
    message.role = RoleFromName(one["role"].get_string().value()).value();
    message.content.push_back(TextPart{std::string(one["content"].get_string().value())});
    request.messages.push_back(std::move(message));
  }
  std::string_view format;
  if (line["response_format"].get(format) == simdjson::SUCCESS && format == "json_object") {
    request.response_format.emplace().kind = ResponseFormat::Kind::kJsonObject;
  }
  return request;
}

void WriteVerdict(const Contract& contract, std::string_view answer, JsonWriter& json) {
  Completion completion;
  completion.text = answer;
  completion.finish_reason = FinishReason::kStop;
  const Clock::time_point start = Clock::now();
  const Verdict verdict = Check(contract, completion);
  const std::int64_t took = MicrosecondsSince(start);
  json.BeginObject().Field("usable", verdict.usable).Field("score", verdict.score);
  json.Field("why", verdict.why).Field("us", took).Key("changes").BeginObject();
  Workspace workspace(contract.files);
  CheckEdits(contract, completion.text, workspace);
  for (const auto& [path, text] : workspace.Changes()) {
    if (text) {
      json.Field(path, *text);
    } else {
      json.Key(path).Null();
    }
  }
  json.EndObject().EndObject();
}

int Main() {
  simdjson::dom::parser parser;
  for (std::string line; std::getline(std::cin, line);) {
    const simdjson::dom::element root = parser.parse(line);
    const ChatRequest request = ReadRequest(root);
    const Clock::time_point start = Clock::now();
    const Contract contract = Detect(request);
    const std::int64_t took = MicrosecondsSince(start);
    JsonWriter json;
    json.BeginObject().Field("contract", NameOf(contract.kind)).Field("detect_us", took);
    json.Key("files").BeginArray();
    for (const ChatFile& file : contract.files.files) json.String(file.path);
    json.EndArray().Key("verdicts").BeginArray();
    for (const simdjson::dom::element answer : root["answers"].get_array()) {
      WriteVerdict(contract, answer.get_string().value(), json);
    }
    json.EndArray().EndObject();
    std::cout << json.TakeString() << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace mom

int main() { return mom::Main(); }
