// What all connections of an emulator share.
#ifndef MOM_TESTS_TESTING_EMULATOR_STAGE_H_
#define MOM_TESTS_TESTING_EMULATOR_STAGE_H_

#include <cstddef>

#include "tests/testing/emulator/gates.h"
#include "tests/testing/emulator/journal.h"
#include "tests/testing/emulator/playbook.h"

namespace mom::testing {

// Each part is thread-safe. Outlives the connections.
struct Stage {
  Stage(const Script& script, std::size_t keep) : playbook(script), journal(keep) {}

  // A new script: its counts are at the start, all gates are closed.
  void Perform(const Script& script) {
    gates.CloseAll();
    playbook.Load(script);
  }
  // The same script from its start; records are forgotten, all gates are closed.
  void Reset() {
    gates.CloseAll();
    playbook.Rewind();
    journal.Clear();
  }

  Playbook playbook;
  Journal journal;
  Gates gates;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_STAGE_H_
