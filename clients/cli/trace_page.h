// A trace as one web page.
#ifndef MOM_CLIENTS_CLI_TRACE_PAGE_H_
#define MOM_CLIENTS_CLI_TRACE_PAGE_H_

#include <string>

#include "service/trace/trace.h"

namespace mom::cli {

// A page that needs no other file and no script, and that may not load any: its security policy
// forbids it. Whatever models or clients wrote is escaped. It is well-formed as XML, too.
std::string TracePage(const Trace& trace);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_TRACE_PAGE_H_
