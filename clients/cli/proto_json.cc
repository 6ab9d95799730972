#include "clients/cli/proto_json.h"

#include <google/protobuf/util/json_util.h>

namespace mom::cli {

StatusOr<std::string> ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string out;
  const auto status = google::protobuf::util::MessageToJsonString(message, &out, options);
  if (status.ok()) return out;
  return MakeError(StatusCode::kInternal, "cannot be shown as JSON: " + status.ToString(),
                   ErrorInfo());
}

}  // namespace mom::cli
