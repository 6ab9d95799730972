// The invoice of a call that is still going on.
#ifndef MOM_TESTS_TESTING_EMULATOR_TAB_H_
#define MOM_TESTS_TESTING_EMULATOR_TAB_H_

#include <chrono>
#include <cstdint>
#include <optional>

#include "tests/testing/emulator/journal.h"
#include "tests/testing/emulator/records.h"

namespace mom::testing {

// Opened when a call is accepted; its row is written when it is closed, or, as incomplete, when it
// is destroyed before.
class Tab {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // `invoice` says who asked and what the prompt costs. `journal` must outlive the tab.
  Tab(Journal& journal, Invoice invoice) : journal_(journal), invoice_(std::move(invoice)) {
    invoice_.started = journal_.Now();
    journal_.CallStarted();
  }
  ~Tab() { Close(false, std::nullopt); }
  Tab(const Tab&) = delete;
  Tab& operator=(const Tab&) = delete;

  void Add(std::int64_t tokens) {
    if (tokens == 0) return;
    invoice_.completion_tokens += tokens;
    journal_.TokensMade(tokens);
  }

  // `gone_at`: when the client left, where that is what ended the call. Only the first call counts.
  void Close(bool complete, std::optional<TimePoint> gone_at) {
    if (closed_) return;
    closed_ = true;
    invoice_.complete = complete;
    invoice_.cut_by_client = gone_at.has_value();
    if (gone_at) {
      invoice_.notice = std::chrono::duration_cast<std::chrono::microseconds>(
          std::chrono::steady_clock::now() - *gone_at);
    }
    invoice_.ended = journal_.Now();
    journal_.CallEnded(invoice_);
  }

 private:
  Journal& journal_;
  Invoice invoice_;
  bool closed_ = false;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_TAB_H_
