#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "clients/cli/answer_printer.h"
#include "clients/cli/answer_text.h"
#include "clients/cli/terminal_text.h"

namespace mom::cli {
namespace {

class TextPrinter final : public AnswerPrinter {
 public:
  explicit TextPrinter(bool for_terminal) : for_terminal_(for_terminal) {}

  Status Take(const AnswerEvent& event) override {
    if (event.has_delta()) return Write(VisibleText(event.delta()));
    if (!event.has_completed()) return Status();
    notes_ = NotesOn(event.completed());
    // It repeats what came in pieces.
    return any_ ? Status() : Write(VisibleText(event.completed().message()));
  }

  Status End(const Status&) override {
    const Status written = any_ && !line_ended_ ? WriteOutput("\n") : Status();
    for (const std::string& note : notes_) std::fprintf(stderr, "mom: %s\n", note.c_str());
    return written;
  }

 private:
  Status Write(const std::string& text) {
    if (text.empty()) return Status();
    any_ = true;
    line_ended_ = text.ends_with('\n');
    return WriteOutput(for_terminal_ ? WithoutControls(text) : text);
  }

  const bool for_terminal_;
  bool any_ = false;
  bool line_ended_ = false;
  std::vector<std::string> notes_;
};

}  // namespace

std::unique_ptr<AnswerPrinter> MakeTextPrinter(const Terminal& terminal) {
  return std::make_unique<TextPrinter>(terminal.is_there);
}

}  // namespace mom::cli
