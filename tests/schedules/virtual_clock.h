// Time that passes only when a test says so. In a program that has this linked in, the steady clock
// is this one everywhere, in the library of coroutines and its timers too.
#ifndef MOM_TESTS_SCHEDULES_VIRTUAL_CLOCK_H_
#define MOM_TESTS_SCHEDULES_VIRTUAL_CLOCK_H_

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>

namespace mom::testing {

// Runs what `context` has to do; whenever there is nothing at the moment, the time moves on by
// `step`. Until `is_over`, or `longest` has passed: then false.
bool RunVirtually(boost::asio::io_context& context, std::chrono::milliseconds step,
                  std::chrono::milliseconds longest, const std::function<bool()>& is_over);

}  // namespace mom::testing

#endif  // MOM_TESTS_SCHEDULES_VIRTUAL_CLOCK_H_
