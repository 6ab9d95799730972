// Providers' keys as people write them down.
#ifndef MOM_MODEL_KEY_FILE_H_
#define MOM_MODEL_KEY_FILE_H_

#include <string>
#include <string_view>

#include "service/base/secret.h"
#include "service/base/status.h"

namespace mom {

// The key in a text, without the blanks around it; may be empty. An error, which never has a part
// of the text: it is no key.
StatusOr<Secret> ParseKey(std::string_view text);

// The key that a file holds, which is never empty. An error, which has neither path nor content,
// says what is wrong with the file. Blocks.
StatusOr<Secret> ReadKeyFile(const std::string& path);

}  // namespace mom

#endif  // MOM_MODEL_KEY_FILE_H_
