// Sends an answer, step by step.
#ifndef MOM_TESTS_TESTING_EMULATOR_PLAYER_H_
#define MOM_TESTS_TESTING_EMULATOR_PLAYER_H_

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "tests/testing/emulator/answer.h"
#include "tests/testing/emulator/client.h"
#include "tests/testing/emulator/stage.h"
#include "tests/testing/emulator/tab.h"

namespace mom::testing {

// Lives in the coroutine that serves the client; all arguments must outlive it.
class Player {
 public:
  Player(std::shared_ptr<Client> client, Stage& stage, const Answer& answer, Tab& tab)
      : client_(std::move(client)), stage_(stage), answer_(answer), tab_(tab) {}

  // Plays the answer to its end and closes the tab; stops when the client leaves. True: the
  // connection can carry another request; otherwise it is closed, or to be closed.
  asio::awaitable<bool> Play();

 private:
  asio::awaitable<void> PlayStep(const Step& step);
  asio::awaitable<void> HoldAt(const std::string& gate);
  // As Client::Wait, with comments dripping.
  asio::awaitable<void> Wait(Deadline deadline, const bool* done);
  // What follows the last step; true as for Play().
  asio::awaitable<bool> End();

  const std::shared_ptr<Client> client_;
  Stage& stage_;
  const Answer& answer_;
  Tab& tab_;
  // Steps are paced from here, so that late wake-ups do not add up.
  Deadline due_ = Deadline::After(Deadline::Duration::zero());
  bool begun_ = false;  // A byte of the answer is out.
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_PLAYER_H_
