#include "tests/testing/emulator/question.h"

#include <simdjson.h>

namespace mom::testing {
namespace {

using simdjson::dom::element;

// What is missing or of another type is not true.
bool IsTrue(const simdjson::simdjson_result<element>& value) {
  bool is_true = false;
  return value.get(is_true) == simdjson::SUCCESS && is_true;
}

// The text of a message: a string, or the texts of its parts.
std::string TextOf(const element& message) {
  std::string_view text;
  if (message["content"].get(text) == simdjson::SUCCESS) return std::string(text);
  std::string all;
  simdjson::dom::array parts;
  if (message["content"].get(parts) != simdjson::SUCCESS) return all;
  for (const element part : parts) {
    if (part["text"].get(text) == simdjson::SUCCESS) all += text;
  }
  return all;
}

void ReadMessages(const simdjson::dom::array& messages, Question& question) {
  std::size_t bytes = 0;
  for (const element message : messages) {
    std::string text = TextOf(message);
    bytes += text.size();
    std::string_view role;
    if (message["role"].get(role) == simdjson::SUCCESS && role == "user") {
      question.last_user = std::move(text);
    }
  }
  question.prompt_tokens = static_cast<std::int64_t>((bytes + 3) / 4);
}

}  // namespace

std::optional<Question> ParseQuestion(std::string_view body) {
  static thread_local simdjson::dom::parser parser;
  element root;
  if (parser.parse(body.data(), body.size()).get(root) != simdjson::SUCCESS) return std::nullopt;
  std::string_view model;
  simdjson::dom::array messages;
  if (root["model"].get(model) != simdjson::SUCCESS) return std::nullopt;
  if (root["messages"].get(messages) != simdjson::SUCCESS) return std::nullopt;
  Question question;
  question.model = std::string(model);
  question.stream = IsTrue(root["stream"]);
  question.include_usage = IsTrue(root["stream_options"]["include_usage"]);
  ReadMessages(messages, question);
  return question;
}

}  // namespace mom::testing
