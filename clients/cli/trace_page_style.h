// How the page of a trace looks.
#ifndef MOM_CLIENTS_CLI_TRACE_PAGE_STYLE_H_
#define MOM_CLIENTS_CLI_TRACE_PAGE_STYLE_H_

namespace mom::cli {

// CSS, without `<` and `&`. Light and dark as the reader's system has it.
extern const char kTracePageStyle[];

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_TRACE_PAGE_STYLE_H_
