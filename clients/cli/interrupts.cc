#include "clients/cli/interrupts.h"

#include <unistd.h>

#include "clients/cli/exit_code.h"
#include "clients/cli/terminal.h"

namespace mom::cli {

Interrupts::Interrupts() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  waiter_ = std::thread([this] { Wait(); });
}

Interrupts::~Interrupts() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  pthread_kill(waiter_.native_handle(), SIGTERM);
  waiter_.join();
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
}

int Interrupts::signal() const {
  const std::lock_guard lock(mutex_);
  return signal_;
}

void Interrupts::Wait() {
  while (true) {
    int number = 0;
    sigwait(&signals_, &number);
    {
      const std::lock_guard lock(mutex_);
      if (over_) return;
    }
    On(number);
  }
}

void Interrupts::On(int number) {
  const std::lock_guard lock(mutex_);
  if (signal_ != 0 || calls_.empty()) DieOf(number);
  signal_ = number;
  for (grpc::ClientContext* call : calls_) call->TryCancel();
}

Interrupts::Cancels::Cancels(Interrupts& interrupts, grpc::ClientContext& context)
    : interrupts_(interrupts), context_(context) {
  const std::lock_guard lock(interrupts_.mutex_);
  interrupts_.calls_.insert(&context_);
  if (interrupts_.signal_ != 0) context_.TryCancel();
}

Interrupts::Cancels::~Cancels() {
  const std::lock_guard lock(interrupts_.mutex_);
  interrupts_.calls_.erase(&context_);
}

void DieOf(int signal) {
  ShowTyping();
  std::signal(signal, SIG_DFL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  raise(signal);
  _exit(kSignal + signal);  // it is ignored, and so was not deadly
}

}  // namespace mom::cli
