#include <string>

#include "clients/cli/answer_printer.h"
#include "clients/cli/proto_json.h"
#include "service/base/json_writer.h"

namespace mom::cli {
namespace {

std::string ErrorJson(const Status& status) {
  const ErrorInfo info = GetErrorInfo(status);
  JsonWriter json;
  json.BeginObject().Key("error").BeginObject();
  json.Field("code", absl::StatusCodeToString(status.code()));
  json.Field("reason", info.reason).Field("message", MessageOf(status));
  json.Key("metadata").BeginObject();
  for (const auto& [key, value] : info.metadata) json.Field(key, value);
  json.EndObject().EndObject().EndObject();
  return json.TakeString();
}

class JsonPrinter final : public AnswerPrinter {
 public:
  explicit JsonPrinter(bool events) : events_(events) {}

  Status Take(const AnswerEvent& event) override {
    const StatusOr<std::string> json = events_ ? ToJson(event) : ToJson(event.completed());
    return json.ok() ? WriteOutput(*json + "\n") : json.status();
  }
  Status End(const Status& status) override {
    return status.ok() ? Status() : WriteOutput(ErrorJson(status) + "\n");
  }

 private:
  const bool events_;
};

}  // namespace

std::unique_ptr<AnswerPrinter> MakeJsonPrinter(bool events) {
  return std::make_unique<JsonPrinter>(events);
}

}  // namespace mom::cli
