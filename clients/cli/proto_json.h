// momd's messages as JSON.
#ifndef MOM_CLIENTS_CLI_PROTO_JSON_H_
#define MOM_CLIENTS_CLI_PROTO_JSON_H_

#include <google/protobuf/message.h>

#include <string>

#include "service/base/status.h"

namespace mom::cli {

// On one line, by protobuf's own mapping: fields have their names of proto/mom/v1, unset ones are
// left out, 64-bit integers are strings. kInternal: a detail of an error has a type that this
// program does not know.
StatusOr<std::string> ToJson(const google::protobuf::Message& message);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_PROTO_JSON_H_
