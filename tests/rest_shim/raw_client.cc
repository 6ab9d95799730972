#include "tests/rest_shim/raw_client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace mom::testing {

Json::Json(std::string_view text) {
  const auto error = parser_.parse(text.data(), text.size()).get(root_);
  good_ = error == simdjson::SUCCESS;
  EXPECT_TRUE(good_) << simdjson::error_message(error) << ": " << text;
}

std::string Json::At(std::string_view pointer) const {
  simdjson::dom::element found;
  if (!good_ || root_.at_pointer(pointer).get(found) != simdjson::SUCCESS) return "";
  return simdjson::minify(found);
}

std::string Json::Text(std::string_view pointer) const {
  std::string_view text;
  if (!good_ || root_.at_pointer(pointer).get(text) != simdjson::SUCCESS) return "";
  return std::string(text);
}

RawClient::RawClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
  timeval patience{};
  patience.tv_sec = 20;
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
}

RawClient::RawClient(RawClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), buffer_(std::move(other.buffer_)) {}

RawClient::~RawClient() { Close(); }

void RawClient::Close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void RawClient::CloseWrite() { ::shutdown(fd_, SHUT_WR); }

void RawClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // refused in the middle: the response says why
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void RawClient::Request(const std::string& method, const std::string& path,
                        const std::string& headers, const std::string& body) {
  std::string text = method + " " + path + " HTTP/1.1\r\nhost: test\r\n" + headers;
  if (!body.empty()) text += "content-length: " + std::to_string(body.size()) + "\r\n";
  Send(text + "\r\n" + body);
}

void RawClient::Post(const std::string& body, const std::string& headers) {
  Request("POST", "/v1/chat/completions", "content-type: application/json\r\n" + headers, body);
}

bool RawClient::Fill() {
  char bytes[65536];
  const ssize_t size = ::recv(fd_, bytes, sizeof bytes, 0);
  if (size <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(size));
  return true;
}

std::string RawClient::ReadUntil(std::string_view text) {
  while (buffer_.find(text) == std::string::npos) {
    if (!Fill()) {
      ADD_FAILURE() << "no `" << text << "` in: " << buffer_;
      break;
    }
  }
  return buffer_;
}

bool RawClient::AtEnd() { return buffer_.empty() && !Fill() && buffer_.empty(); }

RawResponse RawClient::Read(bool head) {
  RawResponse response;
  std::size_t end;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) {
      response.complete = false;
      return response;
    }
  }
  response.status = std::stoi(buffer_.substr(9, 3));
  std::size_t at = buffer_.find("\r\n") + 2;
  while (at < end) {
    const std::size_t line_end = buffer_.find("\r\n", at);
    const std::size_t colon = buffer_.find(": ", at);
    response.headers[buffer_.substr(at, colon - at)] =
        buffer_.substr(colon + 2, line_end - colon - 2);
    at = line_end + 2;
  }
  buffer_.erase(0, end + 4);
  if (head || response.status == 204) return response;
  if (response.Header("transfer-encoding") != "chunked") {
    const std::size_t size = std::stoul(response.Header("content-length"));
    while (buffer_.size() < size && response.complete) response.complete = Fill();
    response.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return response;
  }
  while (true) {
    std::size_t line;
    while ((line = buffer_.find("\r\n")) == std::string::npos && response.complete) {
      response.complete = Fill();
    }
    if (!response.complete) return response;
    const std::size_t size = std::stoul(buffer_.substr(0, line), nullptr, 16);
    while (buffer_.size() < line + 2 + size + 2 && response.complete) response.complete = Fill();
    if (!response.complete) return response;
    response.body += buffer_.substr(line + 2, size);
    buffer_.erase(0, line + 2 + size + 2);
    if (size == 0) return response;
  }
}

std::vector<std::string> Events(std::string_view body) {
  std::vector<std::string> events;
  while (!body.empty()) {
    const std::size_t end = body.find("\n\n");
    const std::string_view event = body.substr(0, end);
    if (event.starts_with("data: ")) {
      events.emplace_back(event.substr(6));
    } else {
      EXPECT_EQ(event.front(), ':') << "neither data nor a comment: " << event;
    }
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 2);
  }
  return events;
}

}  // namespace mom::testing
