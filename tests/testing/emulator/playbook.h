// Which answer a request gets.
#ifndef MOM_TESTS_TESTING_EMULATOR_PLAYBOOK_H_
#define MOM_TESTS_TESTING_EMULATOR_PLAYBOOK_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "tests/testing/emulator/question.h"
#include "tests/testing/emulator/reply.h"
#include "tests/testing/emulator/script.h"

namespace mom::testing {

// A script in use: knows how many calls of each group were answered. Thread-safe.
class Playbook {
 public:
  explicit Playbook(const Script& script) { Load(script); }

  // Replaces everything; the counts start again.
  void Load(const Script& script);
  // Only the counts start again.
  void Rewind();
  // `body` is the whole request.
  std::shared_ptr<const Reply> Next(const Question& question, std::string_view body);
  // Those that the script names.
  std::vector<std::string> Models() const;

 private:
  // Calls with one condition, in order.
  struct Group {
    std::vector<std::shared_ptr<const Reply>> replies;
    std::size_t next = 0;

    const ScriptedCall& condition() const { return replies.front()->call(); }
    bool IsConditional() const;
    bool Fits(const Question& question, std::string_view body) const;
  };
  // Of one model; the conditional ones first.
  using Groups = std::vector<Group>;

  static Groups MakeGroups(const std::vector<ScriptedCall>& calls);

  mutable std::mutex mutex_;
  std::map<std::string, Groups, std::less<>> models_;
  const std::shared_ptr<const Reply> canned_ = std::make_shared<const Reply>(ScriptedCall());
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_PLAYBOOK_H_
