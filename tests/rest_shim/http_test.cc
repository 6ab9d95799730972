// The HTTP side: routes, limits, connections.
#include "tests/rest_shim/shim_fixture.h"

namespace mom::testing {
namespace {

using HttpTest = ShimTest;

TEST_F(HttpTest, R29ModelsAreListed) {
  const RawResponse response = Get("/v1/models");
  ASSERT_EQ(response.status, 200);
  const Json body(response.body);
  EXPECT_EQ(body.Text("/object"), "list");
  EXPECT_EQ(body.Text("/data/0/id"), "mom");
  EXPECT_EQ(body.Text("/data/0/object"), "model");
  EXPECT_EQ(body.At("/data/0/created"), "1700000000");
  EXPECT_EQ(body.Text("/data/0/owned_by"), "mom");
  for (const std::string name : {"context_window", "context_length", "max_model_len"}) {
    EXPECT_EQ(body.At("/data/0/" + name), "8192");
    EXPECT_EQ(body.At("/data/1/" + name), "");
  }
  EXPECT_EQ(body.Text("/data/1/id"), "vendor/small-a");
  EXPECT_EQ(body.Text("/data/1/owned_by"), "local-a");
}

TEST_F(HttpTest, R29OneModelIsShown) {
  EXPECT_EQ(Json(Get("/v1/models/mom").body).Text("/id"), "mom");
  EXPECT_EQ(Json(Get("/v1/models/vendor/small-a").body).Text("/id"), "vendor/small-a");
  EXPECT_EQ(Json(Get("/models/vendor%2Fsmall-a/").body).Text("/id"), "vendor/small-a");
  const RawResponse unknown = Get("/v1/models/gpt-9");
  ExpectEnvelope(unknown, 404, "model_not_found");
  EXPECT_EQ(Json(unknown.body).Text("/error/param"), "model");
}

TEST_F(HttpTest, R30PathsOfAllKindsOfBaseUrls) {
  for (const char* path :
       {"/v1/chat/completions", "/chat/completions", "/v1/chat/completions/",
        "/v1/chat/completions?api-version=1", "http://localhost:8000/v1/chat/completions"}) {
    RawClient client = Connect();
    client.Request("POST", path, "content-type: application/json\r\n", kHello);
    EXPECT_EQ(client.Read().status, 200) << path;
  }
  EXPECT_EQ(Get("/models").status, 200);
}

TEST_F(HttpTest, R30HeadHasTheHeadersOfGetOnly) {
  RawClient client = Connect();
  client.Request("GET", "/v1/models");
  const RawResponse get = client.Read();
  client.Request("HEAD", "/v1/models");
  const RawResponse head = client.Read(/*head=*/true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("content-length"), get.Header("content-length"));
  client.Request("HEAD", "/nowhere");
  EXPECT_EQ(client.Read(/*head=*/true).status, 404);
  client.Request("GET", "/healthz");
  EXPECT_EQ(client.Read().status, 200);
}

TEST_F(HttpTest, UnknownRoutesAndMethods) {
  ExpectEnvelope(Get("/"), 404, "not_found");
  ExpectEnvelope(Get("/v1"), 404, "not_found");
  ExpectEnvelope(Get("/v1/embeddings"), 404, "not_found");
  RawResponse response = Get("/v1/chat/completions");
  ExpectEnvelope(response, 405, "method_not_allowed");
  EXPECT_EQ(response.Header("allow"), "POST, OPTIONS");
  RawClient client = Connect();
  client.Request("DELETE", "/v1/models/mom");
  response = client.Read();
  ExpectEnvelope(response, 405, "method_not_allowed");
  EXPECT_EQ(response.Header("allow"), "GET, HEAD, OPTIONS");
  client.Request("BREW", "/v1/models");
  ExpectEnvelope(client.Read(), 405, "method_not_allowed");
}

TEST_F(HttpTest, MalformedJsonTellsThePlace) {
  const RawResponse response = Post("{\"model\": mom}");
  ExpectEnvelope(response, 400, "invalid_value");
  EXPECT_EQ(Json(response.body).Text("/error/message"),
            "The request body is not valid JSON: a value is missing at byte 10 (line 1, column "
            "11).");
  EXPECT_EQ(Json(response.body).At("/error/param"), "null");
}

TEST_F(HttpTest, R14SeveralChoicesAreRefused) {
  const RawResponse response = Post(R"({"n":2,"messages":[{"role":"user","content":"x"}]})");
  ExpectEnvelope(response, 400, "invalid_value");
  EXPECT_EQ(Json(response.body).Text("/error/param"), "n");
}

TEST_F(HttpTest, MalformedHttp) {
  for (const char* text :
       {"\x16\x03\x01\x02\x01 TLS\r\n\r\n", "GET\r\n\r\n", "hello\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n", "POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\ncontent-length: 3\r\ntransfer-encoding: chunked"
        "\r\n\r\n"}) {
    RawClient client = Connect();
    client.Send(text);
    const RawResponse response = client.Read();
    ExpectEnvelope(response, 400, "invalid_value");
    EXPECT_EQ(response.Header("connection"), "close");
    EXPECT_TRUE(client.AtEnd());
  }
}

TEST_F(HttpTest, R28BodiesUpToTheLimit) {
  config_.max_body_bytes = 8 << 20;
  std::string body = R"({"messages":[{"role":"user","content":")";
  const std::string end = R"("}]})";
  body.append(static_cast<std::size_t>(config_.max_body_bytes) - body.size() - end.size(), 'x');
  body += end;
  EXPECT_EQ(Post(body).status, 200);
  EXPECT_EQ(service_.last_request().input().messages(0).content(0).text().size(), body.size() - 43);
  ExpectEnvelope(Post(body + " "), 413, "request_too_large");
}

// The header alone decides; nothing of the body is waited for.
TEST_F(HttpTest, R28TooLargeIsSaidBeforeTheBodyIsSent) {
  RawClient client = Connect();
  client.Send(
      "POST /v1/chat/completions HTTP/1.1\r\nexpect: 100-continue\r\n"
      "content-length: 99999999999\r\n\r\n");
  ExpectEnvelope(client.Read(), 413, "request_too_large");
}

TEST_F(HttpTest, ChunkedBodiesHaveTheSameLimit) {
  config_.max_body_bytes = 1024;
  const std::string start =
      "POST /v1/chat/completions HTTP/1.1\r\ncontent-type: application/json\r\n"
      "transfer-encoding: chunked\r\n\r\n";
  RawClient client = Connect();
  const std::string hello = kHello;
  char size[16];
  std::snprintf(size, sizeof size, "%zx\r\n", hello.size());
  client.Send(start + size + hello + "\r\n0\r\n\r\n");
  EXPECT_EQ(client.Read().status, 200);
  client.Send(start + "800\r\n" + std::string(2048, ' ') + "\r\n0\r\n\r\n");
  ExpectEnvelope(client.Read(), 413, "request_too_large");
}

TEST_F(HttpTest, Expect100ContinueIsAnswered) {
  RawClient client = Connect();
  const std::string hello = kHello;
  client.Send(
      "POST /v1/chat/completions HTTP/1.1\r\nexpect: 100-continue\r\n"
      "content-type: application/json\r\ncontent-length: " +
      std::to_string(hello.size()) + "\r\n\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send(hello);
  client.ReadUntil("HTTP/1.1 200 OK");
}

TEST_F(HttpTest, HeadersAreLimited) {
  RawClient client = Connect();
  client.Request("GET", "/healthz", "x: " + std::string(30 << 10, 'a') + "\r\n");
  EXPECT_EQ(client.Read().status, 200);
  client.Request("GET", "/healthz", "x: " + std::string(40 << 10, 'a') + "\r\n");
  ExpectEnvelope(client.Read(), 431, "headers_too_large");
}

TEST_F(HttpTest, SlowHeadersAndBodiesAreGivenUp) {
  limits_.header = std::chrono::milliseconds(20);
  limits_.body = std::chrono::milliseconds(20);
  RawClient client = Connect();
  client.Send("GET /healthz HTT");
  ExpectEnvelope(client.Read(), 408, "request_timeout");
  RawClient other = Connect();
  other.Send("POST /v1/chat/completions HTTP/1.1\r\ncontent-length: 10\r\n\r\n{");
  ExpectEnvelope(other.Read(), 408, "request_timeout");
}

TEST_F(HttpTest, IdleConnectionsAreClosedQuietly) {
  limits_.idle = std::chrono::milliseconds(20);
  RawClient silent = Connect();
  EXPECT_TRUE(silent.AtEnd());
  int status = 0;
  while (status != 200) {  // the request itself may come too late
    RawClient client = Connect();
    client.Request("GET", "/healthz");
    status = client.Read().status;
    EXPECT_TRUE(client.AtEnd());
  }
}

TEST_F(HttpTest, AClientThatNeverReadsIsGivenUp) {
  limits_.write = std::chrono::milliseconds(50);
  service_.streamed = [](StreamScript& script) {
    script.Start();
    const std::string piece(1 << 20, 'x');
    while (script.Text(piece)) {
    }
    script.AwaitCancel();
    return grpc::Status::OK;
  };
  RawClient client = Connect();
  client.Post(kHelloStream);
  service_.AwaitCancelled(1);
}

TEST_F(HttpTest, PipelinedRequestsAreAnsweredInOrder) {
  RawClient client = Connect();
  std::string many;
  const std::string hello = kHello;
  for (int i = 0; i < 20; ++i) {
    many +=
        "POST /v1/chat/completions HTTP/1.1\r\ncontent-type: application/json\r\n"
        "x-request-id: n" +
        std::to_string(i) + "\r\ncontent-length: " + std::to_string(hello.size()) + "\r\n\r\n" +
        hello;
    many += "GET /healthz HTTP/1.1\r\nx-request-id: h" + std::to_string(i) + "\r\n\r\n";
  }
  client.Send(many);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(client.Read().Header("x-request-id"), "n" + std::to_string(i));
    EXPECT_EQ(client.Read().Header("x-request-id"), "h" + std::to_string(i));
  }
}

TEST_F(HttpTest, ARequestMayComeByteByByte) {
  RawClient client = Connect();
  const std::string hello = kHello;
  const std::string text =
      "POST /v1/chat/completions HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: " +
      std::to_string(hello.size()) + "\r\n\r\n" + hello;
  for (char c : text) client.Send(std::string_view(&c, 1));
  EXPECT_EQ(client.Read().status, 200);
}

TEST_F(HttpTest, ConnectionCloseIsHonoured) {
  RawClient client = Connect();
  client.Request("GET", "/healthz", "connection: close\r\n");
  EXPECT_EQ(client.Read().Header("connection"), "close");
  EXPECT_TRUE(client.AtEnd());
  RawClient old = Connect();
  old.Send("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.Read().status, 200);
  EXPECT_TRUE(old.AtEnd());
  RawClient kept = Connect();
  kept.Send("GET /healthz HTTP/1.0\r\nconnection: keep-alive\r\n\r\n");
  EXPECT_EQ(kept.Read().Header("connection"), "keep-alive");
  kept.Send("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(kept.Read().status, 200);
}

TEST_F(HttpTest, CorsOnlyForTheOriginsOfTheConfig) {
  config_.cors_origins = {"https://ui.example"};
  const auto preflight = [&](const std::string& origin) {
    RawClient client = Connect();
    client.Request("OPTIONS", "/v1/chat/completions",
                   "origin: " + origin +
                       "\r\naccess-control-request-method: POST\r\n"
                       "access-control-request-headers: authorization,x-stainless-os\r\n");
    return client.Read();
  };
  RawResponse response = preflight("https://ui.example");
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.Header("access-control-allow-origin"), "https://ui.example");
  EXPECT_EQ(response.Header("access-control-allow-headers"), "authorization,x-stainless-os");
  EXPECT_EQ(response.Header("access-control-allow-methods"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(response.Header("vary"), "origin");
  response = preflight("https://evil.example");
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.Header("access-control-allow-origin"), "");
  EXPECT_EQ(response.Header("access-control-allow-headers"), "");
  // On answers and errors alike, or the page could not read them.
  EXPECT_EQ(Post(kHello, "origin: https://ui.example\r\n").Header("access-control-allow-origin"),
            "https://ui.example");
  EXPECT_EQ(Post("{", "origin: https://ui.example\r\n").Header("access-control-allow-origin"),
            "https://ui.example");
}

TEST_F(HttpTest, WithoutOriginsInTheConfigThereIsNoCors) {
  const RawResponse response = Post(kHello, "origin: https://ui.example\r\n");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("access-control-allow-origin"), "");
}

TEST_F(HttpTest, HealthAndReadiness) {
  EXPECT_EQ(Get("/healthz").body, R"({"status":"ok"})");
  EXPECT_EQ(Get("/readyz").body, R"({"status":"ready"})");
  service_.serving = false;
  EXPECT_EQ(Get("/healthz").status, 200);
  const RawResponse drained = Get("/readyz");
  ExpectEnvelope(drained, 503, "overloaded");
  EXPECT_NE(drained.body.find("(momd) is shutting down"), std::string::npos) << drained.body;
}

TEST_F(HttpTest, ADeadServiceIsSaidAtOnceAndFoundWhenItIsBack) {
  EXPECT_EQ(Post(kHello).status, 200);
  service_.Stop();
  const RawResponse response = Post(kHello);
  ExpectEnvelope(response, 503, "overloaded");
  EXPECT_EQ(response.Header("retry-after"), "3");
  EXPECT_NE(Json(response.body).Text("/error/message").find("Start momd"), std::string::npos);
  ExpectEnvelope(Post(kHelloStream), 503, "overloaded");
  ExpectEnvelope(Get("/v1/models"), 503, "overloaded");
  ExpectEnvelope(Get("/readyz"), 503, "overloaded");
  EXPECT_EQ(Get("/healthz").status, 200);
  service_.Start();
  int status = 503;
  while (status == 503) status = Post(kHello).status;  // until it tries to connect again
  EXPECT_EQ(status, 200);
}

TEST_F(HttpTest, ServiceThatDiesInTheMiddleOfAStream) {
  service_.StreamForEver("half");
  RawClient client = Connect();
  client.Post(kHelloStream);
  client.ReadUntil("half");
  service_.Stop();
  const RawResponse response = client.Read();
  EXPECT_FALSE(response.complete);
  const Json error(Events(response.body).back());
  EXPECT_EQ(error.Text("/error/code"), "upstream_error");
  EXPECT_NE(error.Text("/error/message").find("broke off"), std::string::npos);
}

TEST_F(HttpTest, TheDeadlineOfTheConfigHolds) {
  config_.timeout = std::chrono::milliseconds(50);
  service_.unary = [](UnaryScript& script) {
    script.AwaitCancel();
    return grpc::Status::CANCELLED;
  };
  ExpectEnvelope(Post(kHello), 504, "timeout");
}

TEST_F(HttpTest, DrainLetsRequestsFinishAndTakesNoMore) {
  Gate started;
  Gate gate;
  service_.unary = [&](UnaryScript& script) {
    started.Open();
    gate.Wait();
    script.response() = TextAnswer("finished");
    return grpc::Status::OK;
  };
  RawClient busy = Connect();
  RawClient idle = Connect();
  RawClient half = Connect();
  idle.Request("GET", "/healthz");
  EXPECT_EQ(idle.Read().status, 200);
  half.Request("GET", "/healthz");
  EXPECT_EQ(half.Read().status, 200);
  half.Send("GET /readyz HTTP/1.1\r\n");
  busy.Post(kHello);
  started.Wait();
  shim().BeginDrain();
  EXPECT_TRUE(idle.AtEnd());
  half.Send("\r\n");
  const RawResponse ready = half.Read();
  ExpectEnvelope(ready, 503, "overloaded");
  EXPECT_EQ(ready.Header("connection"), "close");
  gate.Open();
  const RawResponse response = busy.Read();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("connection"), "close");
  EXPECT_TRUE(busy.AtEnd());
}

TEST_F(HttpTest, DrainCutsWhatTakesTooLong) {
  config_.drain_timeout = std::chrono::milliseconds(20);
  service_.StreamForEver("for ever");
  RawClient client = Connect();
  client.Post(kHelloStream);
  client.ReadUntil("for ever");
  shim().BeginDrain();
  EXPECT_FALSE(client.Read().complete);
  service_.AwaitCancelled(1);
}

}  // namespace
}  // namespace mom::testing
