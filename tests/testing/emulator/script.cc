#include "tests/testing/emulator/script.h"

namespace mom::testing {

Script& Script::Add(std::string model, ScriptedCall call) {
  models_[std::move(model)].push_back(std::move(call));
  return *this;
}

}  // namespace mom::testing
