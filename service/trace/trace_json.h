// The files of a trace's folder, from JSON: the other direction of record_json.h.
#ifndef MOM_TRACE_TRACE_JSON_H_
#define MOM_TRACE_TRACE_JSON_H_

#include <string_view>

#include "service/base/status.h"
#include "service/trace/trace.h"

namespace mom {

// Each puts what is in one file into `trace`. kInvalidArgument where the text is no JSON object or
// lacks what a trace cannot do without; whatever else is missing or of another kind is left out.
// Attempts need the request to be read first: their start counts from its.
Status ReadRequestJson(std::string_view json, Trace& trace);
Status ReadAttemptJson(std::string_view json, Trace& trace);
Status ReadAnswerJson(std::string_view json, Trace& trace);

}  // namespace mom

#endif  // MOM_TRACE_TRACE_JSON_H_
