// Notes what is wrong with a request while it is converted.
#ifndef MOM_RPC_FIELD_CHECK_H_
#define MOM_RPC_FIELD_CHECK_H_

#include <string>
#include <string_view>

#include "service/base/json_reader.h"
#include "service/base/status.h"

namespace mom {

// The first mistake counts; converting goes on after it, so that converters need no error path of
// their own. What they made is thrown away where status() is not OK.
class FieldCheck {
 public:
  // `path` of the field that is wrong, and what it must be (see InvalidField).
  void Fail(const std::string& path, std::string_view what) {
    if (status_.ok()) status_ = InvalidField(path, what);
  }
  void Require(bool right, const std::string& path, std::string_view what) {
    if (!right) Fail(path, what);
  }
  void FailJsonObject(const std::string& path) {
    Fail(path, "must be a JSON object of at most " + std::to_string(kMaxJsonDepth) + " levels");
  }
  // Gives `json` back.
  const std::string& JsonObject(const std::string& json, const std::string& path) {
    if (!IsJsonObject(json)) FailJsonObject(path);
    return json;
  }
  const Status& status() const { return status_; }

 private:
  Status status_;
};

}  // namespace mom

#endif  // MOM_RPC_FIELD_CHECK_H_
