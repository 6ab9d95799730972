// The named gates at which answers are held.
#ifndef MOM_TESTS_TESTING_EMULATOR_GATES_H_
#define MOM_TESTS_TESTING_EMULATOR_GATES_H_

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace mom::testing {

// A gate is closed until it is opened, and then stays open. Thread-safe.
class Gates {
 public:
  // Whether `name` is open; if not, `wake` is called once, by the thread that opens it.
  bool IsOpenOrWake(const std::string& name, std::function<void()> wake);
  void Open(const std::string& name);
  // Closes all. Answers that are held stay held.
  void CloseAll();

 private:
  std::mutex mutex_;
  std::set<std::string> open_;
  std::map<std::string, std::vector<std::function<void()>>> waiters_;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_GATES_H_
