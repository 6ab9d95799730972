// What `mom ask` asks.
#ifndef MOM_CLIENTS_CLI_QUESTION_H_
#define MOM_CLIENTS_CLI_QUESTION_H_

#include <string>
#include <vector>

#include "service/base/status.h"

namespace mom::cli {

// The words, then the text of each file, then what is piped into `input` (a path, of standard
// input; empty: nothing is), with an empty line between them. kInvalidArgument: nothing to ask, or
// a part that cannot be read, is too long or is not UTF-8; the message names it. Blocks.
StatusOr<std::string> ReadQuestion(const std::vector<std::string>& words,
                                   const std::vector<std::string>& files, const std::string& input);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_QUESTION_H_
