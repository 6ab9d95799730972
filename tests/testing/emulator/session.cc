#include "tests/testing/emulator/session.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "service/base/json_writer.h"
#include "tests/testing/emulator/admin.h"
#include "tests/testing/emulator/client_socket.h"
#include "tests/testing/emulator/http_request.h"
#include "tests/testing/emulator/player.h"
#include "tests/testing/emulator/question.h"

namespace mom::testing {
namespace {

// A connection's place in the state's counts.
class ConnectionCount {
 public:
  explicit ConnectionCount(Journal& journal) : journal_(journal) { journal_.ConnectionOpened(); }
  ~ConnectionCount() {
    if (!withdrawn_) journal_.ConnectionClosed();
  }
  ConnectionCount(const ConnectionCount&) = delete;
  ConnectionCount& operator=(const ConnectionCount&) = delete;

  void Withdraw() {
    if (!withdrawn_) journal_.ConnectionWithdrawn();
    withdrawn_ = true;
  }

 private:
  Journal& journal_;
  bool withdrawn_ = false;
};

std::string ModelsJson(const Playbook& playbook) {
  JsonWriter writer;
  writer.BeginObject().Field("object", "list").Key("data").BeginArray();
  for (const std::string& model : playbook.Models()) {
    writer.BeginObject().Field("id", model).Field("object", "model").Field("created", 0);
    writer.Field("owned_by", "emulator").EndObject();
  }
  writer.EndArray().EndObject();
  return writer.TakeString();
}

class Session {
 public:
  Session(std::shared_ptr<ClientSocket> client, Stage& stage)
      : client_(std::move(client)), stage_(stage), count_(stage.journal) {}

  asio::awaitable<void> Run() {
    bool goes_on = true;
    while (goes_on) {
      std::optional<HttpRequest> request = co_await ReadRequest(*client_);
      if (!request) break;
      goes_on = co_await Handle(std::move(*request));
    }
    client_->Close();
  }

 private:
  // True: the connection can carry another request.
  asio::awaitable<bool> Handle(HttpRequest request) {
    if (request.malformed) {
      const std::string problem = ErrorResponse(400, "not HTTP/1.1, or larger than 64 MiB");
      co_await client_->Write(problem);
      co_return false;
    }
    const bool keep_alive = request.keep_alive;
    RecordedRequest& record = request.record;
    if (record.target.starts_with(kAdminPrefix)) {
      count_.Withdraw();
      const std::string answer = AnswerAdmin(stage_, record.method, record.target, record.body);
      co_await client_->Write(answer);
      co_return keep_alive;
    }
    const std::string path = record.target.substr(0, record.target.find('?'));
    if (record.method == "POST" && path.ends_with("/chat/completions")) {
      co_return co_await Chat(std::move(record)) && keep_alive;
    }
    const bool lists_models = record.method == "GET" && path.ends_with("/models");
    record.at = stage_.journal.Now();
    stage_.journal.Record(std::move(record));
    const std::string answer = lists_models
                                   ? JsonResponse(200, ModelsJson(stage_.playbook))
                                   : ErrorResponse(404, "the emulator has no such endpoint");
    co_await client_->Write(answer);
    co_return keep_alive;
  }

  asio::awaitable<bool> Chat(RecordedRequest record) {
    record.at = stage_.journal.Now();
    const std::optional<Question> question = ParseQuestion(record.body);
    if (!question) {
      stage_.journal.Record(std::move(record));
      const std::string problem =
          ErrorResponse(400, "the body is not a JSON object with model and messages");
      co_await client_->Write(problem);
      co_return true;
    }
    const std::shared_ptr<const Reply> reply = stage_.playbook.Next(*question, record.body);
    record.model = question->model;
    record.stream = question->stream;
    Invoice invoice;
    invoice.model = question->model;
    invoice.request_id = stage_.journal.Record(std::move(record));
    const Answer answer = reply->Render(*question, invoice.request_id);
    invoice.status = answer.status;
    invoice.prompt_tokens = answer.prompt_tokens;
    Tab tab(stage_.journal, std::move(invoice));
    Player player(client_, stage_, answer, tab);
    co_return co_await player.Play();
  }

  const std::shared_ptr<ClientSocket> client_;
  Stage& stage_;
  ConnectionCount count_;
};

asio::awaitable<void> Serve(std::shared_ptr<ClientSocket> client, Stage& stage) {
  Session session(std::move(client), stage);
  co_await session.Run();
}

}  // namespace

void StartSession(asio::ip::tcp::socket socket, Stage& stage) {
  const auto executor = socket.get_executor();
  auto client = std::make_shared<ClientSocket>(std::move(socket));
  asio::co_spawn(executor, Serve(std::move(client), stage), asio::detached);
}

}  // namespace mom::testing
