// Counts the server's calls, so that it can drain and stop.
#ifndef MOM_RPC_CALL_GATE_H_
#define MOM_RPC_CALL_GATE_H_

#include <condition_variable>
#include <functional>
#include <mutex>

namespace mom {

// Two counts. Calls: requests being answered, which a drain waits for. Slots: everything that may
// still touch the completion queue, which the queue's shutdown waits for. Thread-safe.
class CallGate {
 public:
  // A call begins; false where the gate is closed and the call must be refused.
  bool Enter();
  // A call that Enter() let in is over.
  void Leave();
  // Lets no more calls in. `empty` is called once, on any thread, when none is under way; it must
  // not block. Closing again replaces an `empty` that was not called yet.
  void Close(std::function<void()> empty);

  void AddSlot();
  void RemoveSlot();
  // Blocks until there is no slot.
  void WaitForSlots();

 private:
  std::mutex mutex_;
  std::condition_variable no_slots_;
  int calls_ = 0;                // guarded by mutex_
  int slots_ = 0;                // guarded by mutex_
  bool closed_ = false;          // guarded by mutex_
  std::function<void()> empty_;  // guarded by mutex_
};

}  // namespace mom

#endif  // MOM_RPC_CALL_GATE_H_
