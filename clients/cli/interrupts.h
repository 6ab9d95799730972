// Ctrl-C, and SIGTERM: they end the call under way, so that momd stops every call upstream.
#ifndef MOM_CLIENTS_CLI_INTERRUPTS_H_
#define MOM_CLIENTS_CLI_INTERRUPTS_H_

#include <grpcpp/client_context.h>
#include <pthread.h>

#include <csignal>
#include <mutex>
#include <set>
#include <thread>

namespace mom::cli {

// While one exists, the first signal cancels the calls that are under way and all later ones; a
// second one, or one while there is no call, ends the process at once. At most one, made before any
// other thread is, as threads inherit which signals are blocked. Thread-safe.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  // The signal that came; 0: none.
  int signal() const;

  // A call that is under way for as long as this lives. `context` must outlive it.
  class Cancels {
   public:
    Cancels(Interrupts& interrupts, grpc::ClientContext& context);
    ~Cancels();
    Cancels(const Cancels&) = delete;
    Cancels& operator=(const Cancels&) = delete;

   private:
    Interrupts& interrupts_;
    grpc::ClientContext& context_;
  };

 private:
  void Wait();
  void On(int number);

  sigset_t signals_;
  mutable std::mutex mutex_;
  int signal_ = 0;                        // guarded by mutex_
  bool over_ = false;                     // guarded by mutex_
  std::set<grpc::ClientContext*> calls_;  // guarded by mutex_
  std::thread waiter_;
};

// Ends the process as the signal would have: shells then see 128 + its number, and stop their
// loops.
[[noreturn]] void DieOf(int signal);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_INTERRUPTS_H_
