// What a model's probes mean, and what to do about it.
#ifndef MOM_CLIENTS_CLI_DOCTOR_DIAGNOSIS_H_
#define MOM_CLIENTS_CLI_DOCTOR_DIAGNOSIS_H_

#include <string>
#include <vector>

#include "clients/cli/config_lines.h"
#include "clients/cli/doctor_probe.h"

namespace mom::cli {

enum class Finding {
  kUnknown,  // not tried, or the call failed for another reason
  kYes,
  kNo,
  kOff,  // the config says that the model cannot, and so it is not asked to
};

struct Diagnosis {
  Finding key = Finding::kUnknown;     // the provider accepts it
  Finding found = Finding::kUnknown;   // the provider has the model
  Finding stream = Finding::kUnknown;  // the text comes in pieces
  Finding usage = Finding::kUnknown;   // the provider counts tokens
  Finding tools = Finding::kUnknown;   // a demanded tool call comes, with the right arguments
  Finding schema = Finding::kUnknown;  // an answer keeps a JSON schema
  bool answers = false;
  bool asked = true;      // momd let the calls go: by its breaker, for one, it may not
  bool all_tried = true;  // no later call failed for a reason that says nothing of its finding
  // "config.yaml:12 models.gpt.tools: what is wrong; what to do".
  std::vector<std::string> remarks;

  // "good", "limited" (it answers, but a finding is kNo, or could not be tried), "broken" or "not
  // asked".
  std::string Verdict() const;
};

// `model` as momd lists it. Pure, but for `lines`.
Diagnosis Diagnose(const v1::Model& model, const Probes& probes, const ConfigLines& lines);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_DOCTOR_DIAGNOSIS_H_
