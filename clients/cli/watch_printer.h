// How `mom ask --watch` shows an answer and how it comes about.
#ifndef MOM_CLIENTS_CLI_WATCH_PRINTER_H_
#define MOM_CLIENTS_CLI_WATCH_PRINTER_H_

#include <memory>

#include "clients/cli/answer_printer.h"
#include "clients/cli/terminal.h"

namespace mom::cli {

// On a terminal that can draw: the answer, and below it a picture of the run, which stays when it
// is over. Else the answer goes to standard output, and a line for each thing that happens to
// standard error.
std::unique_ptr<AnswerPrinter> MakeWatchPrinter(const Terminal& terminal);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_WATCH_PRINTER_H_
