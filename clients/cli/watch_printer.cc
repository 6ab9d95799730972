#include "clients/cli/watch_printer.h"

#include <cstdio>
#include <string>
#include <utility>

#include "clients/cli/answer_text.h"
#include "clients/cli/live_region.h"
#include "clients/cli/terminal_text.h"
#include "clients/cli/watch_lines.h"
#include "clients/cli/watch_state.h"
#include "clients/cli/watch_view.h"

namespace mom::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFrame{66};

class WatchDrawer final : public AnswerPrinter {
 public:
  explicit WatchDrawer(const Terminal& terminal) : terminal_(terminal), state_(Clock::now()) {
    HideTyping();
  }
  ~WatchDrawer() override { ShowTyping(); }

  std::chrono::milliseconds interval() const override { return kFrame; }

  Status Take(const AnswerEvent& event) override {
    state_.Take(event, Clock::now());
    if (event.has_delta()) text_ += WithoutControls(VisibleText(event.delta()));
    // Many events come in a frame's time.
    return Clock::now() < next_frame_ ? Status() : Redraw();
  }

  Status Redraw() override {
    const Clock::time_point now = Clock::now();
    next_frame_ = now + kFrame;
    const TerminalSize size = OutputSize();
    const WatchLook look{size.columns, size.rows, terminal_.has_unicode};
    return WriteOutput(region_.Frame(std::exchange(text_, {}), DrawWatch(state_, now, look),
                                     size.columns, terminal_.has_colour));
  }

  Status End(const Status&) override {
    state_.End(Clock::now());
    const Status drawn = Redraw();
    return drawn.ok() ? WriteOutput("\n") : drawn;
  }

 private:
  const Terminal terminal_;
  WatchState state_;
  std::string text_;  // of the answer, not drawn yet
  LiveRegion region_;
  Clock::time_point next_frame_;
};

class WatchTeller final : public AnswerPrinter {
 public:
  explicit WatchTeller(std::unique_ptr<AnswerPrinter> text)
      : text_(std::move(text)), state_(Clock::now()) {}

  Status Take(const AnswerEvent& event) override {
    for (std::string& line : TakeAndTell(event, Clock::now(), state_)) {
      lines_ += "mom: " + std::move(line) + "\n";
    }
    if (!in_answer_) TellLines();
    in_answer_ = in_answer_ || event.has_delta();
    return text_->Take(event);
  }
  Status End(const Status& status) override {
    const Status written = text_->End(status);
    TellLines();
    return written;
  }

 private:
  void TellLines() { std::fputs(std::exchange(lines_, {}).c_str(), stderr); }

  std::unique_ptr<AnswerPrinter> text_;
  WatchState state_;
  bool in_answer_ = false;  // both may go to one place, and a line must not cut the answer's
  std::string lines_;       // not told yet
};

}  // namespace

std::unique_ptr<AnswerPrinter> MakeWatchPrinter(const Terminal& terminal) {
  if (terminal.can_draw) return std::make_unique<WatchDrawer>(terminal);
  return std::make_unique<WatchTeller>(MakeTextPrinter(terminal));
}

}  // namespace mom::cli
