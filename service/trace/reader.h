// Reads what recorder.h wrote.
#ifndef MOM_TRACE_READER_H_
#define MOM_TRACE_READER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/status.h"
#include "service/trace/trace.h"

namespace mom {

// The folders of a directory, by name.
struct TraceFolders {
  std::vector<std::string> traces;   // newest first
  std::vector<std::string> foreign;  // folders that the recorder did not make, sorted
};
// kNotFound where the directory cannot be read.
StatusOr<TraceFolders> ListTraces(const std::string& directory);

// The one folder that is meant by `id`: "latest", or a folder's name or a request's id, whole or
// its beginning or end. A whole one goes before parts of others. kNotFound where there is none;
// kInvalidArgument, which names some, where there are several.
StatusOr<std::string> FindTrace(const TraceFolders& folders, std::string_view id);

// The newest folder of a request's id, whole; for "" the newest of all. nullopt: there is none.
std::optional<std::string> NewestTrace(const TraceFolders& folders, std::string_view request_id);

// The folder of the request whose answer has this id ("chatcmpl-..."). nullopt: there is none.
// Reads the start of a file of each newer one. Blocks.
std::optional<std::string> TraceOfAnswer(const std::string& directory, const TraceFolders& folders,
                                         std::string_view answer_id);

// The trace in a folder. kFailedPrecondition with file and reason where one is missing (as while
// the request is being written), cannot be read or is not what it should be. Blocks.
StatusOr<Trace> ReadTrace(const std::string& directory, const std::string& folder);

}  // namespace mom

#endif  // MOM_TRACE_READER_H_
