#include "tests/testing/raw_http_client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <boost/algorithm/string/case_conv.hpp>
#include <cerrno>
#include <charconv>

#include "service/base/json_writer.h"

namespace mom::testing {
namespace {

constexpr std::string_view kNewline = "\r\n";

// The number at the start of `text`; 0 for none.
std::size_t ReadNumber(std::string_view text, int base) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number, base);
  return number;
}

// The value of a header in a lower-case head; empty: there is none.
std::string_view HeaderOf(std::string_view head, std::string_view name) {
  const std::string line = std::string(kNewline) + std::string(name) + ": ";
  const std::size_t at = head.find(line);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = head.substr(at + line.size());
  return rest.substr(0, rest.find(kNewline));
}

}  // namespace

RawHttpClient::RawHttpClient(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
  timeval timeout = {};
  timeout.tv_sec = 30;
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
}

RawHttpClient::~RawHttpClient() { Close(); }

void RawHttpClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) return;  // The server ended the connection; a read will tell how.
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void RawHttpClient::Post(std::string_view target, std::string_view body, std::string_view headers) {
  std::string request = "POST ";
  request.append(target).append(" HTTP/1.1\r\nHost: test\r\n").append(headers);
  request += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  Send(request.append(body));
}

void RawHttpClient::Get(std::string_view target) {
  Send("GET " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n\r\n");
}

RawHttpClient::Response RawHttpClient::Read() {
  constexpr std::string_view kEndOfHead = "\r\n\r\n";
  Response response;
  response.head = ReadUntil(kEndOfHead);
  if (!response.head.ends_with(kEndOfHead)) return response;
  const std::string head = boost::algorithm::to_lower_copy(response.head);
  response.status = static_cast<int>(ReadNumber(std::string_view(head).substr(9), 10));
  const bool chunked = HeaderOf(head, "transfer-encoding") == "chunked";
  response.whole = chunked ? ReadChunks(response)
                           : ReadLength(ReadNumber(HeaderOf(head, "content-length"), 10), response);
  return response;
}

std::string RawHttpClient::ReadUntil(std::string_view mark) {
  std::size_t at = inbox_.find(mark);
  while (at == std::string::npos && Fill()) at = inbox_.find(mark);
  return Take(at == std::string::npos ? inbox_.size() : at + mark.size());
}

std::string RawHttpClient::ReadToEnd() {
  while (Fill()) {
  }
  return Take(inbox_.size());
}

void RawHttpClient::ShutdownSend() { shutdown(socket_, SHUT_WR); }

void RawHttpClient::Close() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
}

void RawHttpClient::Reset() {
  linger now = {};
  now.l_onoff = 1;
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  Close();
}

bool RawHttpClient::Fill() {
  if (end_ != End::kNone) return false;
  char chunk[65536];
  const ssize_t size = recv(socket_, chunk, sizeof(chunk), 0);
  if (size > 0) {
    inbox_.append(chunk, static_cast<std::size_t>(size));
    return true;
  }
  EXPECT_TRUE(size == 0 || errno == ECONNRESET) << "nothing came for 30 s";
  end_ = size == 0 ? End::kClosed : End::kReset;
  return false;
}

std::string RawHttpClient::Take(std::size_t size) {
  std::string taken = inbox_.substr(0, size);
  inbox_.erase(0, size);
  return taken;
}

bool RawHttpClient::ReadChunks(Response& response) {
  while (true) {
    const std::string line = ReadUntil(kNewline);
    if (!line.ends_with(kNewline)) return false;
    const std::size_t size = ReadNumber(line, 16);
    if (!ReadLength(size, response)) return false;
    if (ReadUntil(kNewline) != kNewline) return false;
    if (size == 0) return true;
  }
}

bool RawHttpClient::ReadLength(std::size_t length, Response& response) {
  while (inbox_.size() < length && Fill()) {
  }
  const std::string data = Take(length);
  response.body += data;
  return data.size() == length;
}

std::string ChatBody(std::string_view model, bool stream, std::string_view text) {
  JsonWriter writer;
  writer.BeginObject().Field("model", model).Field("stream", stream);
  writer.Key("messages").BeginArray().BeginObject();
  writer.Field("role", "user").Field("content", text).EndObject().EndArray().EndObject();
  return writer.TakeString();
}

}  // namespace mom::testing
