// How `mom ask` shows an answer.
#ifndef MOM_CLIENTS_CLI_ANSWER_PRINTER_H_
#define MOM_CLIENTS_CLI_ANSWER_PRINTER_H_

#include <chrono>
#include <memory>

#include "clients/cli/answer_call.h"
#include "clients/cli/terminal.h"
#include "service/base/status.h"

namespace mom::cli {

// Writes the answer to standard output while it comes, and what is to be told about it to standard
// error. A failure of Take() or Redraw() is one to write, which ends the call.
class AnswerPrinter {
 public:
  virtual ~AnswerPrinter() = default;
  virtual Status Take(const AnswerEvent& event) = 0;
  // How often Redraw() is to be called though nothing comes; zero: never.
  virtual std::chrono::milliseconds interval() const { return {}; }
  virtual Status Redraw() { return Status(); }
  // `status`: why the call ended; OK after `completed`. Whoever calls tells of a failure.
  virtual Status End(const Status& status) = 0;
};

// The text and, at its end, why it is less than it should be.
std::unique_ptr<AnswerPrinter> MakeTextPrinter(const Terminal& terminal);
// momd's messages as JSON: each event on a line, or of a `completed` alone the whole answer. A
// failure is one more line, {"error": {"code", "reason", "message", "metadata"}}.
std::unique_ptr<AnswerPrinter> MakeJsonPrinter(bool events);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_ANSWER_PRINTER_H_
