// The record of a run, for people.
#ifndef MOM_CLIENTS_CLI_RUN_TEXT_H_
#define MOM_CLIENTS_CLI_RUN_TEXT_H_

#include <string>

#include "mom/v1/mom_service.pb.h"

namespace mom::cli {

// Who won, why the others lost, what it cost: sums, candidates, calls.
std::string FormatRun(const v1::Run& run, bool colour);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_RUN_TEXT_H_
