#include "service/engine/answer_cut.h"

#include <utility>

#include "service/base/reasons.h"

namespace mom {

Status AnswerCut(const Status& failure) {
  if (failure.ok() || failure.code() == StatusCode::kCancelled) return failure;
  ErrorInfo info = GetErrorInfo(failure);
  info.metadata["cause"] = info.reason;
  info.reason = reason::kAnswerCut;
  info.retry_after.reset();
  const StatusCode code = failure.code() == StatusCode::kDeadlineExceeded
                              ? StatusCode::kDeadlineExceeded
                              : StatusCode::kUnavailable;
  return MakeError(code, "the answer broke off before its end; discard what was sent and ask again",
                   std::move(info));
}

}  // namespace mom
