#include "service/engine/answer_cut.h"

#include <utility>

#include "service/base/reasons.h"

namespace mom {

Status AnswerCut(const Status& failure, const std::string& mixture) {
  if (failure.ok() || failure.code() == StatusCode::kCancelled) return failure;
  ErrorInfo info = GetErrorInfo(failure);
  info.metadata["cause"] = info.reason;
  info.reason = reason::kAnswerCut;
  info.retry_after.reset();
  const StatusCode code = failure.code() == StatusCode::kDeadlineExceeded
                              ? StatusCode::kDeadlineExceeded
                              : StatusCode::kUnavailable;
  std::string text = "the answer broke off before its end (" + MessageOf(failure) +
                     "); discard what was sent and ask again";
  if (!mixture.empty()) {
    text += "; mixtures." + mixture + ".stream_hold: all sends no part before the whole is there";
  }
  return MakeError(code, text, std::move(info));
}

}  // namespace mom
