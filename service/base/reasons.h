// Every reason that an ErrorInfo can carry. docs/errors.md says what to do about each; a test holds
// the two lists together.
#ifndef MOM_BASE_REASONS_H_
#define MOM_BASE_REASONS_H_

namespace mom::reason {

// Of a request.
inline constexpr char kInvalidArgument[] = "INVALID_ARGUMENT";  // a field is wrong
inline constexpr char kModelNotFound[] = "MODEL_NOT_FOUND";     // no mixture or model of that name
inline constexpr char kRunNotFound[] = "RUN_NOT_FOUND";         // no record of such a request
inline constexpr char kAllMembersFailed[] = "ALL_MEMBERS_FAILED";  // nobody answered
inline constexpr char kAnswerCut[] = "ANSWER_CUT";                 // broke off after text was sent
inline constexpr char kDeadline[] = "DEADLINE";                    // the request's time is up
inline constexpr char kSlowReader[] = "SLOW_READER";               // the client does not read
inline constexpr char kOverloaded[] = "OVERLOADED";                // MoM has too much to do
inline constexpr char kShuttingDown[] = "SHUTTING_DOWN";           // MoM drains
inline constexpr char kServiceUnreachable[] = "SERVICE_UNREACHABLE";  // mom-rest cannot reach momd
inline constexpr char kInternal[] = "INTERNAL";                       // a bug

// Of a model: why one upstream call failed.
inline constexpr char kUpstreamDns[] = "UPSTREAM_DNS";
inline constexpr char kUpstreamConnect[] = "UPSTREAM_CONNECT";
inline constexpr char kUpstreamTls[] = "UPSTREAM_TLS";
inline constexpr char kUpstreamConnectionLost[] = "UPSTREAM_CONNECTION_LOST";
inline constexpr char kConnectTimeout[] = "CONNECT_TIMEOUT";
inline constexpr char kFirstTokenTimeout[] = "FIRST_TOKEN_TIMEOUT";
inline constexpr char kIdleTimeout[] = "IDLE_TIMEOUT";
inline constexpr char kTotalTimeout[] = "TOTAL_TIMEOUT";
inline constexpr char kUpstreamRateLimited[] = "UPSTREAM_RATE_LIMITED";  // HTTP 429
inline constexpr char kUpstreamQuota[] = "UPSTREAM_QUOTA";               // the account is empty
inline constexpr char kUpstreamAuth[] = "UPSTREAM_AUTH";                 // HTTP 401, 403
inline constexpr char kUpstreamModelNotFound[] = "UPSTREAM_MODEL_NOT_FOUND";  // HTTP 404
inline constexpr char kContextLengthExceeded[] = "CONTEXT_LENGTH_EXCEEDED";
inline constexpr char kUpstreamBadRequest[] = "UPSTREAM_BAD_REQUEST";  // other HTTP 4xx
inline constexpr char kUpstreamOverloaded[] = "UPSTREAM_OVERLOADED";   // HTTP 503, 529
inline constexpr char kUpstreamError[] = "UPSTREAM_ERROR";             // other HTTP 5xx, in-band
inline constexpr char kUpstreamProtocol[] = "UPSTREAM_PROTOCOL";       // not what was promised
inline constexpr char kUpstreamIncomplete[] = "UPSTREAM_INCOMPLETE";   // no terminal marker
inline constexpr char kUpstreamTooLarge[] = "UPSTREAM_TOO_LARGE";      // over our own limits
inline constexpr char kTargetOpen[] = "TARGET_OPEN";                   // its last calls failed
inline constexpr char kTargetNotBefore[] = "TARGET_NOT_BEFORE";        // the provider asked to wait
inline constexpr char kTargetBusy[] = "TARGET_BUSY";                   // models.NAME.max_concurrent
inline constexpr char kUnsupportedInput[] = "UNSUPPORTED_INPUT";  // tools or images it cannot take
inline constexpr char kEmptyCompletion[] = "EMPTY_COMPLETION";    // nothing visible came
inline constexpr char kMalformedToolCall[] = "MALFORMED_TOOL_CALL";  // nothing but such calls came

}  // namespace mom::reason

#endif  // MOM_BASE_REASONS_H_
