// Answers that must be JSON, by the request's response_format.
#ifndef MOM_CONTRACT_JSON_ANSWER_H_
#define MOM_CONTRACT_JSON_ANSWER_H_

#include <memory>
#include <string_view>

#include "service/contract/json_schema.h"
#include "service/contract/verdict.h"
#include "service/model/chat.h"

namespace mom {

// Unusable: anything but one JSON object and nothing around it, as a client reads it. In a fence it
// is better than none.
Verdict CheckJsonObject(std::string_view answer);

// The same of a JSON value that fits the schema. The verdict's `unchecked` has what of the schema
// was not looked at.
Verdict CheckJsonSchema(const JsonSchema& schema, std::string_view answer);

// The schema that a request demands of its answer, also where its response_format came as raw JSON.
// Null where it demands none, or one that is no schema at all.
std::shared_ptr<const JsonSchema> DemandedSchema(const ResponseFormat& format);

// Whether a request demands JSON, with or without a schema.
bool DemandsJson(const ResponseFormat& format);

}  // namespace mom

#endif  // MOM_CONTRACT_JSON_ANSWER_H_
