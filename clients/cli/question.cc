#include "clients/cli/question.h"

#include <utility>

#include "service/base/file.h"
#include "service/base/utf8.h"

namespace mom::cli {
namespace {

// More than any model's window.
constexpr std::size_t kMostBytes = 32 * 1024 * 1024;

Status WrongQuestion(const std::string& message) {
  return MakeError(StatusCode::kInvalidArgument, message, ErrorInfo());
}

// Adds a part, without the line ends behind it, to the parts before.
Status Add(const std::string& source, std::string part, std::string& question) {
  if (!IsValidUtf8(part)) return WrongQuestion(source + " is not text in UTF-8");
  part.erase(part.find_last_not_of("\r\n") + 1);
  if (part.empty()) return Status();
  if (!question.empty()) question += "\n\n";
  question += part;
  return Status();
}

Status AddFile(const std::string& source, const std::string& path, std::string& question) {
  StatusOr<std::string> content = ReadFile(path, kMostBytes);
  if (!content.ok())
    return WrongQuestion(source + " cannot be read: " + MessageOf(content.status()));
  return Add(source, *std::move(content), question);
}

}  // namespace

StatusOr<std::string> ReadQuestion(const std::vector<std::string>& words,
                                   const std::vector<std::string>& files,
                                   const std::string& input) {
  std::string question;
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  Status status = Add("the question", std::move(line), question);
  for (const std::string& file : files) {
    if (status.ok()) status = AddFile("--file " + file, file, question);
  }
  if (status.ok() && !input.empty()) status = AddFile("standard input", input, question);
  if (!status.ok()) return status;
  if (question.find_first_not_of(" \t\r\n") == std::string::npos) {
    return WrongQuestion(
        "there is no question; write it as argument, in a --file, or to standard input");
  }
  return question;
}

}  // namespace mom::cli
