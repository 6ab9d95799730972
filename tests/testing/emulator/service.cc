#include "tests/testing/emulator/service.h"

#include <optional>
#include <string>
#include <utility>

#include "service/base/json_writer.h"
#include "tests/testing/emulator/admin.h"
#include "tests/testing/emulator/answer_builder.h"
#include "tests/testing/emulator/player.h"
#include "tests/testing/emulator/question.h"

namespace mom::testing {
namespace {

JsonReply Models(const Playbook& playbook) {
  JsonWriter writer;
  writer.BeginObject().Field("object", "list").Key("data").BeginArray();
  for (const std::string& model : playbook.Models()) {
    writer.BeginObject().Field("id", model).Field("object", "model").Field("created", 0);
    writer.Field("owned_by", "emulator").EndObject();
  }
  writer.EndArray().EndObject();
  return {200, writer.TakeString()};
}

asio::awaitable<void> Send(std::shared_ptr<Client> client, JsonReply reply) {
  ScriptedCall call;
  call.status = reply.status;
  AnswerBuilder builder(call, client->version());
  builder.WholeBody("application/json", reply.body);
  const Answer answer = builder.Finish();
  for (const Step& step : answer.steps) co_await client->Send(step);
  client->End(answer.ending);
}

// A chat completion: the next call of the script.
asio::awaitable<bool> Play(std::shared_ptr<Client> client, Stage& stage, RecordedRequest record,
                           Question question) {
  const std::shared_ptr<const Reply> reply = stage.playbook.Next(question, record.body);
  record.model = question.model;
  record.stream = question.stream;
  Invoice invoice;
  invoice.model = question.model;
  invoice.request_id = stage.journal.Record(std::move(record));
  const Answer answer = reply->Render(question, invoice.request_id, client->version());
  invoice.status = answer.status;
  invoice.prompt_tokens = answer.prompt_tokens;
  Tab tab(stage.journal, std::move(invoice));
  Player player(client, stage, answer, tab);
  co_return co_await player.Play();
}

}  // namespace

asio::awaitable<bool> AnswerRequest(std::shared_ptr<Client> client, Stage& stage,
                                    RecordedRequest request) {
  if (IsAdmin(request)) {
    JsonReply reply = AnswerAdmin(stage, request);
    co_await Send(client, std::move(reply));
    co_return true;
  }
  request.at = stage.journal.Now();
  const std::string path = request.target.substr(0, request.target.find('?'));
  JsonReply reply = ErrorReply(404, "the emulator has no such endpoint");
  if (request.method == "GET" && path.ends_with("/models")) {
    reply = Models(stage.playbook);
  } else if (request.method == "POST" && path.ends_with("/chat/completions")) {
    std::optional<Question> question = ParseQuestion(request.body);
    if (question) {
      co_return co_await Play(client, stage, std::move(request), *std::move(question));
    }
    reply = ErrorReply(400, "the body is not a JSON object with model and messages");
  }
  stage.journal.Record(std::move(request));
  co_await Send(client, std::move(reply));
  co_return true;
}

asio::awaitable<void> AnswerMalformed(std::shared_ptr<Client> client) {
  JsonReply reply = ErrorReply(400, "not HTTP/1.1, or larger than 64 MiB");
  co_await Send(client, std::move(reply));
}

}  // namespace mom::testing
