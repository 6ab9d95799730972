// Drives a coroutine in a test.
#ifndef MOM_TESTS_TESTING_RUN_H_
#define MOM_TESTS_TESTING_RUN_H_

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

namespace mom::testing {

// Runs `work` on `context` until nothing is left to do and gives its result. Fails the test where
// the context ran dry before `work` ended.
template <typename T>
T RunOn(boost::asio::io_context& context, boost::asio::awaitable<T> work) {
  std::exception_ptr error;
  std::optional<std::optional<T>> result;
  auto wrapped = [](boost::asio::awaitable<T> inner) -> boost::asio::awaitable<std::optional<T>> {
    std::optional<T> value(co_await std::move(inner));
    co_return value;
  };
  boost::asio::co_spawn(context, wrapped(std::move(work)),
                        [&](std::exception_ptr e, std::optional<T> value) {
                          error = e;
                          result = std::move(value);
                        });
  context.restart();
  context.run();
  if (error) std::rethrow_exception(error);
  EXPECT_TRUE(result.has_value()) << "the coroutine did not end";
  return std::move(result->value());
}

inline void RunOn(boost::asio::io_context& context, boost::asio::awaitable<void> work) {
  auto wrapped = [](boost::asio::awaitable<void> inner) -> boost::asio::awaitable<bool> {
    co_await std::move(inner);
    co_return true;
  };
  RunOn(context, wrapped(std::move(work)));
}

// The same on a context of its own.
template <typename T>
T Run(boost::asio::awaitable<T> work) {
  boost::asio::io_context context;
  return RunOn(context, std::move(work));
}

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_RUN_H_
