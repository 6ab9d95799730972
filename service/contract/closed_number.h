// Numbers as people write them.
#ifndef MOM_CONTRACT_CLOSED_NUMBER_H_
#define MOM_CONTRACT_CLOSED_NUMBER_H_

#include <optional>
#include <string>
#include <string_view>

namespace mom {

// A number's text, as RE2 has it: "-1,234.50", "2e3", "3/4".
inline constexpr char kNumberPattern[] =
    "[-+]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?(?:[eE][-+]?\\d{1,2})?(?:/\\d+)?";

// One text for all that mean the same number: "-1234.5", "2000", "0.75"; a fraction without an end
// stays one, reduced: "1/3". `number` must be of that form. nullopt: a fraction of more than whole
// numbers of 18 digits, or by 0.
std::optional<std::string> CanonicalNumber(std::string_view number);

}  // namespace mom

#endif  // MOM_CONTRACT_CLOSED_NUMBER_H_
