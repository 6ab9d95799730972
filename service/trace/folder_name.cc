#include "service/trace/folder_name.h"

#include "service/base/request_id.h"
#include "service/base/utc_time.h"

namespace mom {
namespace {

constexpr std::string_view kForm = "ddddddddTdddddd.dddZ-";  // d: a digit

}  // namespace

std::string FolderTime(std::chrono::system_clock::time_point time) {
  return FormatUtcMillis(time, "%Y%m%dT%H%M%S");
}

std::string FolderName(std::chrono::system_clock::time_point time, std::string_view request_id) {
  return FolderTime(time) + "-" + std::string(request_id);
}

bool IsFolderName(std::string_view name) {
  if (name.size() <= kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const bool is_digit = name[i] >= '0' && name[i] <= '9';
    if (kForm[i] == 'd' ? !is_digit : name[i] != kForm[i]) return false;
  }
  return IsValidRequestId(RequestIdOf(name));
}

std::string_view RequestIdOf(std::string_view folder_name) {
  return folder_name.substr(kForm.size());
}

}  // namespace mom
