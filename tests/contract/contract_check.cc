// contract_check: the contract checker as a filter, for tests that have many cases. It reads
// {"messages", "tools", "response_format", "answers": [TEXT]}, one a line, all but the answers as
// OpenAI's clients have them, and writes {"contract", "side_call", "files", "detect_us",
// "verdicts":
// [{"usable", "score", "why", "us", "changes": {PATH: TEXT or null}}], "graft"} for each; where no
// answer is usable and a graft is proven (service/contract/graft.h), that is its text, else null.
#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/json_writer.h"
#include "service/contract/contract.h"
#include "service/contract/graft.h"
#include "service/contract/side_call.h"

namespace mom {
namespace {

// Of this process: what a check costs, however busy the machine is.
std::int64_t CpuMicroseconds() { return std::clock() * 1'000'000 / CLOCKS_PER_SEC; }

void ReadContent(simdjson::dom::element content, Message& message) {
  if (content.is_string()) {
    message.content.push_back(TextPart{std::string(content.get_string().value())});
  }
  if (!content.is_array()) return;
  for (const simdjson::dom::element part : content.get_array()) {
    if (part["type"].get_string().value() == "text") {
      message.content.push_back(TextPart{std::string(part["text"].get_string().value())});
    } else {
      message.content.push_back(RawPart{simdjson::to_string(part)});
    }
  }
}

ChatRequest ReadRequest(simdjson::dom::element line) {
  ChatRequest request;
  for (const simdjson::dom::element one : line["messages"].get_array()) {
    Message message;
    message.role = RoleFromName(one["role"].get_string().value()).value();
    simdjson::dom::element content;
    if (one["content"].get(content) == simdjson::SUCCESS) ReadContent(content, message);
    request.messages.push_back(std::move(message));
  }
  simdjson::dom::array tools;
  if (line["tools"].get(tools) == simdjson::SUCCESS) request.tools.resize(tools.size());
  std::string_view format;
  if (line["response_format"]["type"].get(format) == simdjson::SUCCESS && format == "json_object") {
    request.response_format.emplace().kind = ResponseFormat::Kind::kJsonObject;
  }
  simdjson::dom::element schema;
  if (line["response_format"]["json_schema"]["schema"].get(schema) == simdjson::SUCCESS) {
    ResponseFormat& demanded = request.response_format.emplace();
    demanded.kind = ResponseFormat::Kind::kJsonSchema;
    demanded.schema_json = simdjson::to_string(schema);
  }
  return request;
}

struct Judged {
  Completion answer;
  Verdict verdict;
  std::int64_t took = 0;
};

Judged Judge(const Contract& contract, std::string_view answer) {
  Judged judged;
  judged.answer.text = answer;
  judged.answer.finish_reason = FinishReason::kStop;
  const std::int64_t start = CpuMicroseconds();
  judged.verdict = Check(contract, judged.answer);
  judged.took = CpuMicroseconds() - start;
  return judged;
}

void WriteVerdict(const Contract& contract, const Judged& judged, JsonWriter& json) {
  const Verdict& verdict = judged.verdict;
  json.BeginObject().Field("usable", verdict.usable).Field("score", verdict.score);
  json.Field("why", verdict.why).Field("us", judged.took).Key("changes").BeginObject();
  Workspace workspace(contract.files);
  CheckEdits(contract, judged.answer.text, workspace);
  for (const auto& [path, text] : workspace.Changes()) {
    if (text) {
      json.Field(path, *text);
    } else {
      json.Key(path).Null();
    }
  }
  json.EndObject().EndObject();
}

// As the strategy `select` does.
std::optional<Graft> GraftOf(const Contract& contract, const std::vector<Judged>& answers) {
  std::vector<const Judged*> order;
  for (const Judged& one : answers) {
    if (one.verdict.usable) return std::nullopt;
    order.push_back(&one);
  }
  std::stable_sort(order.begin(), order.end(), [](const Judged* a, const Judged* b) {
    return a->verdict.score > b->verdict.score;
  });
  std::vector<std::string_view> best_first;
  for (const Judged* one : order) best_first.push_back(one->answer.text);
  return FindGraft(contract, best_first);
}

int Main() {
  simdjson::dom::parser parser;
  for (std::string line; std::getline(std::cin, line);) {
    const simdjson::dom::element root = parser.parse(line);
    const ChatRequest request = ReadRequest(root);
    const std::int64_t start = CpuMicroseconds();
    const Contract contract = Detect(request);
    const std::int64_t took = CpuMicroseconds() - start;
    JsonWriter json;
    json.BeginObject().Field("contract", NameOf(contract.kind)).Field("detect_us", took);
    json.Field("side_call", DetectSideCall(request).value_or(""));
    json.Key("files").BeginArray();
    for (const ChatFile& file : contract.files.files) json.String(file.path);
    json.EndArray().Key("verdicts").BeginArray();
    simdjson::dom::array given;
    std::vector<Judged> answers;
    if (root["answers"].get(given) == simdjson::SUCCESS) {
      for (const simdjson::dom::element answer : given) {
        answers.push_back(Judge(contract, answer.get_string().value()));
      }
    }
    std::vector<Verdict*> verdicts;
    for (Judged& one : answers) verdicts.push_back(&one.verdict);
    PutWordsLast(verdicts);
    for (const Judged& one : answers) WriteVerdict(contract, one, json);
    json.EndArray().Key("graft");
    if (const std::optional<Graft> graft = GraftOf(contract, answers)) {
      json.String(graft->text);
    } else {
      json.Null();
    }
    json.EndObject();
    std::cout << json.TakeString() << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace mom

int main() { return mom::Main(); }
