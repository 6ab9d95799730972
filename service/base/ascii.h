// ASCII text, whatever the locale. Abseil has the same, for its own string_view.
#ifndef MOM_BASE_ASCII_H_
#define MOM_BASE_ASCII_H_

#include <string>
#include <string_view>

namespace mom {

// With a to z in place of A to Z; all other bytes as they are.
std::string LowerCase(std::string_view text);

// Without white space at either end. A view of the same text.
std::string_view Trim(std::string_view text);

}  // namespace mom

#endif  // MOM_BASE_ASCII_H_
