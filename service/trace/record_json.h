// A run's record as JSON: the form of the files that recorder.h names.
#ifndef MOM_TRACE_RECORD_JSON_H_
#define MOM_TRACE_RECORD_JSON_H_

#include <string>

#include "service/engine/run.h"

namespace mom {

// What the client asked: options, and the conversation as OpenAI's JSON under `chat`.
std::string RequestJson(const RunRecord& record);
// One attempt: role, timing, status, usage, `sent` (the body as it was sent) and `answer`.
std::string AttemptJson(const Attempt& attempt);
// How the run ended: stages, each candidate's state and grade, the answer or the error.
std::string AnswerJson(const RunRecord& record);

}  // namespace mom

#endif  // MOM_TRACE_RECORD_JSON_H_
