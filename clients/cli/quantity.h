// Amounts as people read them.
#ifndef MOM_CLIENTS_CLI_QUANTITY_H_
#define MOM_CLIENTS_CLI_QUANTITY_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace mom::cli {

// "0.41 s", "12.3 s", "312 s".
std::string FormatSeconds(std::chrono::nanoseconds time);
// "1,234".
std::string FormatCount(std::int64_t count);
// "1 call", "12 calls".
std::string FormatCounted(std::size_t count, const std::string& what);
// "$0.00123", "$0.042", "$1.50": at least two decimals, three digits where it is small.
std::string FormatCost(std::int64_t nanos_usd);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_QUANTITY_H_
