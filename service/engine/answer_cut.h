// The failure of an answer of which a part was sent.
#ifndef MOM_ENGINE_ANSWER_CUT_H_
#define MOM_ENGINE_ANSWER_CUT_H_

#include <string>

#include "service/base/status.h"

namespace mom {

// After the commit point whatever went wrong means that the answer is cut: ANSWER_CUT, with the
// failure's reason as its cause and its text in the message. `mixture`: named as the one whose
// `stream_hold` would have avoided it; empty: none would. kCancelled stays as it is: there is
// nobody who has the part.
Status AnswerCut(const Status& failure, const std::string& mixture = "");

}  // namespace mom

#endif  // MOM_ENGINE_ANSWER_CUT_H_
