// The names of a trace's folder: "20261123T090725.123Z-<request id>", so that they sort by time.
#ifndef MOM_TRACE_FOLDER_NAME_H_
#define MOM_TRACE_FOLDER_NAME_H_

#include <chrono>
#include <string>
#include <string_view>

namespace mom {

// The part before the request's id, in UTC.
std::string FolderTime(std::chrono::system_clock::time_point time);

std::string FolderName(std::chrono::system_clock::time_point time, std::string_view request_id);

// Whether a name has this form; other folders are somebody else's.
bool IsFolderName(std::string_view name);

// The request's id in a name that has it.
std::string_view RequestIdOf(std::string_view folder_name);

}  // namespace mom

#endif  // MOM_TRACE_FOLDER_NAME_H_
