// The small calls by which `mom doctor` tries a model.
#ifndef MOM_CLIENTS_CLI_DOCTOR_PROBE_H_
#define MOM_CLIENTS_CLI_DOCTOR_PROBE_H_

#include <optional>
#include <string>

#include "clients/cli/connection.h"
#include "clients/cli/interrupts.h"
#include "mom/v1/mom_service.pb.h"
#include "service/base/status.h"

namespace mom::cli {

// The calls a model gets at most, and the most tokens of each answer.
inline constexpr int kProbes = 3;
inline constexpr int kMostProbeTokens = 1024;

// The tool that is to be called, and the schema that is to be kept: an object with this one member,
// a whole number.
inline constexpr char kProbeTool[] = "report";
inline constexpr char kProbeMember[] = "sum";

// How one call went.
struct Probe {
  Status status;
  v1::ModelQueryResponse answer;  // where `status` is OK
  int pieces = 0;                 // in which the answer's text came
};

// The calls to one model; those without a chance to succeed are not made.
struct Probes {
  Probe plain;                  // a text of some length
  std::optional<Probe> tool;    // a tool call that is demanded
  std::optional<Probe> schema;  // an answer in a JSON schema
};

// Makes the calls, one after the other. Thread-safe.
Probes ProbeModel(const std::string& model, Connection& connection, Interrupts& interrupts);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_DOCTOR_PROBE_H_
