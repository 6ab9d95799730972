// Runs several awaitables at once on one loop and gives their results as they come.
#ifndef MOM_NET_FAN_OUT_H_
#define MOM_NET_FAN_OUT_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "service/base/async_event.h"
#include "service/base/deadline.h"

namespace mom {

namespace internal {
// Whether `error` is the exception by which a cancelled coroutine unwinds.
bool IsCancellation(const std::exception_ptr& error);
// Logs a bug that nobody is left to be told of.
void LogAbandonedFailure(const std::exception_ptr& error);
}  // namespace internal

// Owner: the coroutine that awaits Next(). Each child owns its inputs: on destruction the children
// are cancelled, but unwind a little later, when the parent's frame may be gone. A child that ends
// by its cancellation gives no result. Any other exception of a child is a bug and is rethrown by
// Next(). What is kept of children that are over goes with the next Next(), so that their number
// does not matter. Thread: its loop's only.
template <typename T>
class FanOut {
 public:
  struct Result {
    int index;  // as Add() gave it
    T value;
  };

  explicit FanOut(const asio::any_io_executor& executor)
      : state_(std::make_shared<State>(executor)) {}
  FanOut(const FanOut&) = delete;
  FanOut& operator=(const FanOut&) = delete;
  ~FanOut() {
    state_->abandoned = true;
    state_->results.clear();
    for (const auto& [index, child] : state_->children) Cancel(index);
  }

  // Starts a child, which runs up to its first wait; gives its index, 0 for the first.
  int Add(asio::awaitable<T> child) {
    const int index = state_->added++;
    Child& started = state_->children[index];
    ++state_->pending;
    auto done = [state = state_, index](std::exception_ptr error, std::optional<T> value) {
      state->Finish(index, error, std::move(value));
    };
    asio::co_spawn(state_->executor, Wrap(std::move(child)),
                   asio::bind_cancellation_slot(started.signal.slot(), std::move(done)));
    return index;
  }

  // Cancels one child; nothing happens where it is over. The child gives no result any more, even
  // if it ends before it notices. The signal is posted, so that a child is never unwound inside its
  // caller's frame.
  void Cancel(int index) {
    Child* child = state_->FindRunning(index);
    if (child == nullptr || std::exchange(child->cancelled, true)) return;
    asio::post(state_->executor, [state = state_, index] {
      Child* target = state->FindRunning(index);
      if (target != nullptr) target->signal.emit(asio::cancellation_type::terminal);
    });
  }

  // The next result in the order of completion; nullopt when the deadline passes first or no child
  // is left that could give one: pending() tells which. Cancellation: throws.
  asio::awaitable<std::optional<Result>> Next(Deadline deadline = Deadline::Never()) {
    const std::shared_ptr<State> state = state_;
    state->Sweep();
    while (state->results.empty() && !state->failure && state->pending > 0) {
      state->changed.Clear();
      const bool in_time = co_await state->changed.Wait(deadline);
      if (!in_time) break;
    }
    if (state->failure) std::rethrow_exception(std::exchange(state->failure, nullptr));
    if (state->results.empty()) co_return std::nullopt;
    std::optional<Result> result(std::move(state->results.front()));
    state->results.pop_front();
    co_return result;
  }

  // Children of which something is kept: those that are not over, and those that ended since the
  // last Next() began.
  int kept() const { return static_cast<int>(state_->children.size()); }
  // Children that are not over, cancelled ones that still unwind included.
  int pending() const { return state_->pending; }
  // Whether Next() has nothing to give, now or later.
  bool empty() const { return state_->pending == 0 && state_->results.empty() && !state_->failure; }

 private:
  struct Child {
    asio::cancellation_signal signal;
    bool running = true;
    bool cancelled = false;
  };

  // Shared with the children: it goes with the last of them.
  struct State {
    explicit State(const asio::any_io_executor& e) : executor(e), changed(e) {}
    // Null where it is over.
    Child* FindRunning(int index) {
      const auto found = children.find(index);
      return found == children.end() || !found->second.running ? nullptr : &found->second;
    }

    // Not in Finish(), where asio may still look at the child's signal.
    void Sweep() {
      std::erase_if(children, [](const auto& entry) { return !entry.second.running; });
    }

    // One of the two places where a cancellation is caught (the other: a call's root).
    void Finish(int index, const std::exception_ptr& error, std::optional<T> value) {
      Child& child = children.at(index);
      child.running = false;
      --pending;
      if (!error) {
        if (!child.cancelled) results.push_back(Result{index, std::move(*value)});
      } else if (!child.cancelled || !internal::IsCancellation(error)) {
        Fail(error);
      }
      changed.Set();
    }

    void Fail(const std::exception_ptr& error) {
      if (abandoned) {
        internal::LogAbandonedFailure(error);
      } else if (!failure) {
        failure = error;
      }
    }

    asio::any_io_executor executor;
    AsyncEvent changed;
    std::map<int, Child> children;  // by index; a child's signal never moves
    std::deque<Result> results;
    std::exception_ptr failure;
    int added = 0;
    int pending = 0;
    bool abandoned = false;
  };

  // Makes a T that has no default constructor fit co_spawn.
  static asio::awaitable<std::optional<T>> Wrap(asio::awaitable<T> child) {
    std::optional<T> value(co_await std::move(child));
    co_return value;
  }

  std::shared_ptr<State> state_;
};

}  // namespace mom

#endif  // MOM_NET_FAN_OUT_H_
