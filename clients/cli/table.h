// Texts in columns.
#ifndef MOM_CLIENTS_CLI_TABLE_H_
#define MOM_CLIENTS_CLI_TABLE_H_

#include <string>
#include <vector>

namespace mom::cli {

// One line for each row, columns two blanks apart, the last one ragged. Every row must have as many
// cells as the first.
std::string FormatTable(const std::vector<std::vector<std::string>>& rows);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_TABLE_H_
