// The W3C trace context: the ids under which a request is known to the tracing of those around us.
#ifndef MOM_BASE_TRACE_CONTEXT_H_
#define MOM_BASE_TRACE_CONTEXT_H_

#include <optional>
#include <string>
#include <string_view>

namespace mom {

struct TraceContext {
  std::string trace_id;  // 32 hex digits in lower case, not all zero
  bool sampled = false;
};

// Reads the value of a `traceparent`. nullopt for anything that the specification forbids: such a
// value must not be passed on. Of versions later than 00 what is known of 00 is taken.
std::optional<TraceContext> ParseTraceparent(std::string_view value);

// The `traceparent` of a call that is made for the trace, with a span id of its own.
std::string NewTraceparent(const TraceContext& context);

}  // namespace mom

#endif  // MOM_BASE_TRACE_CONTEXT_H_
