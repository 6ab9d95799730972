// A trace as one row of a list.
#ifndef MOM_CLIENTS_CLI_TRACE_LIST_H_
#define MOM_CLIENTS_CLI_TRACE_LIST_H_

#include <string>
#include <vector>

#include "service/base/json_writer.h"
#include "service/trace/trace.h"

namespace mom::cli {

// The cells of a table: its head, and the row of a trace.
std::vector<std::string> TraceListHead();
std::vector<std::string> TraceListRow(const Trace& trace);

// The same for programs: one JSON object.
void WriteTraceListRow(const Trace& trace, JsonWriter& json);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_TRACE_LIST_H_
