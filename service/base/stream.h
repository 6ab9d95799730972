// The pull source: everything that arrives over time in MoM is read through this.
#ifndef MOM_BASE_STREAM_H_
#define MOM_BASE_STREAM_H_

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "service/base/status.h"

namespace mom {

namespace asio = boost::asio;

// A sequence of values that is read one at a time, on one loop. A source that could not even start
// is a stream too: its first Next() gives the error, so callers keep one path for failures.
template <typename T>
class Stream {
 public:
  virtual ~Stream() = default;  // Destroying it cancels what it stands for.

  // The next value; nullopt at the proper end; else why it broke off. At most one call may be
  // outstanding, and after the end or an error it must not be called again.
  // Cancellation: throws boost::system::system_error(operation_aborted).
  virtual asio::awaitable<StatusOr<std::optional<T>>> Next() = 0;
};

// A stream that only fails.
template <typename T>
class FailedStream final : public Stream<T> {
 public:
  explicit FailedStream(Status status) : status_(std::move(status)) {}
  asio::awaitable<StatusOr<std::optional<T>>> Next() override { co_return status_; }

 private:
  Status status_;
};

}  // namespace mom

#endif  // MOM_BASE_STREAM_H_
