// A connection's place in the state's counts.
#ifndef MOM_TESTS_TESTING_EMULATOR_CONNECTION_COUNT_H_
#define MOM_TESTS_TESTING_EMULATOR_CONNECTION_COUNT_H_

#include "tests/testing/emulator/journal.h"

namespace mom::testing {

// Counted as long as it lives, unless it is withdrawn: an administrator's connection never counts.
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

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_CONNECTION_COUNT_H_
