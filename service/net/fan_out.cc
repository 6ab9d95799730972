#include "service/net/fan_out.h"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include "service/base/log.h"

namespace mom::internal {

bool IsCancellation(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error& e) {
    return e.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

void LogAbandonedFailure(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    Log(LogLevel::kError, "fan_out.child_failed", {{"what", std::string_view(e.what())}});
  } catch (...) {
    Log(LogLevel::kError, "fan_out.child_failed");
  }
}

}  // namespace mom::internal
