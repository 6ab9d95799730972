#include "clients/cli/doctor_command.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <future>
#include <iostream>
#include <mutex>
#include <utility>

#include "clients/cli/command_line.h"
#include "clients/cli/config_lines.h"
#include "clients/cli/connection.h"
#include "clients/cli/doctor_diagnosis.h"
#include "clients/cli/doctor_probe.h"
#include "clients/cli/exit_code.h"
#include "clients/cli/interrupts.h"
#include "clients/cli/quantity.h"
#include "clients/cli/service_address.h"
#include "clients/cli/table.h"
#include "service/base/nearest_name.h"

namespace mom::cli {
namespace {

constexpr char kAboutDoctor[] =
    "Tries each model that momd has, or those named, with up to three small calls: whether the\n"
    "key is accepted, the model is found, its text streams, tokens are counted, and it takes\n"
    "tools and keeps a JSON schema. Asks before it costs money. The config, by default the\n"
    "config.yaml that is here, gives the lines to change.";
constexpr char kDefaultConfig[] = "config.yaml";

bool Names(const ConfigLines& lines, const v1::Model& model) {
  const auto in_file = lines.Models();
  return std::any_of(in_file.begin(), in_file.end(),
                     [&](const auto& one) { return one.first == model.name(); });
}

StatusOr<ConfigLines> ReadLines(const std::string& config, const std::vector<v1::Model>& models) {
  if (!config.empty()) return ConfigLines::Load(config, ProcessEnv());
  const StatusOr<ConfigLines> lines = ConfigLines::Load(kDefaultConfig, ProcessEnv());
  // What lies here need not be what momd runs with.
  const bool fits = lines.ok() && std::all_of(models.begin(), models.end(), [&](const auto& model) {
                      return Names(*lines, model);
                    });
  return fits ? *lines : ConfigLines();
}

StatusOr<std::vector<v1::Model>> ListModels(Connection& connection, Interrupts& interrupts) {
  grpc::ClientContext context;
  Connection::LimitTime(context);
  const Interrupts::Cancels cancels(interrupts, context);
  v1::ListModelsResponse response;
  const Status status = connection.ToStatus(connection.mom().ListModels(&context, {}, &response));
  if (!status.ok()) return status;
  std::vector<v1::Model> out;
  for (v1::Model& model : *response.mutable_models()) {
    if (model.kind() == v1::MODEL_KIND_MODEL) out.push_back(std::move(model));
  }
  return out;
}

// Those that are named, or all where none is.
StatusOr<std::vector<v1::Model>> Choose(std::vector<v1::Model> models,
                                        const std::vector<std::string>& names) {
  if (names.empty()) return models;
  std::vector<std::string> known;
  for (const v1::Model& model : models) known.push_back(model.name());
  std::vector<v1::Model> out;
  for (const std::string& name : names) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) {
      return MakeError(StatusCode::kInvalidArgument,
                       "momd has no model \"" + name + "\"; " + SuggestName(name, known),
                       ErrorInfo());
    }
    out.push_back(models[static_cast<std::size_t>(found - known.begin())]);
  }
  return out;
}

bool Agrees(std::size_t models) {
  std::fprintf(stderr,
               "This makes up to %d small calls to each of %zu models, each answered with at most "
               "%s tokens,\nfor which their providers may charge. Go on? [y/N] ",
               kProbes, models, FormatCount(kMostProbeTokens).c_str());
  std::string line;
  std::getline(std::cin, line);
  return line == "y" || line == "Y" || line == "yes";
}

std::string Cell(Finding finding) {
  switch (finding) {
    case Finding::kYes:
      return "yes";
    case Finding::kNo:
      return "NO";
    case Finding::kOff:
      return "off";
    case Finding::kUnknown:
      break;
  }
  return "-";
}

class Report {
 public:
  void Add(const v1::Model& model, const Diagnosis& diagnosis) {
    const std::string verdict = diagnosis.Verdict();
    any_broken_ = any_broken_ || !diagnosis.answers;
    rows_.push_back({model.name(), model.provider(), Cell(diagnosis.key), Cell(diagnosis.found),
                     Cell(diagnosis.stream), Cell(diagnosis.usage), Cell(diagnosis.tools),
                     Cell(diagnosis.schema), verdict});
    for (const std::string& remark : diagnosis.remarks) remarks_ += remark + "\n";
  }
  // A model of the config that momd does not have.
  void AddOff(const std::string& model, const std::string& provider, const ConfigLines& lines) {
    rows_.push_back({model, provider, "-", "-", "-", "-", "-", "-", "off"});
    remarks_ += lines.Place("providers", provider, "api_key") +
                ": momd has no key, and so not the model " + model + "; set it where momd runs\n";
  }
  bool any_broken() const { return any_broken_; }
  std::string Text() const {
    return FormatTable(rows_) + (remarks_.empty() ? "" : "\n" + remarks_);
  }

 private:
  bool any_broken_ = false;
  std::vector<std::vector<std::string>> rows_ = {
      {"MODEL", "PROVIDER", "KEY", "FOUND", "STREAM", "USAGE", "TOOLS", "SCHEMA", "VERDICT"}};
  std::string remarks_;
};

// All models at once. Each that is through is told, as it may take minutes until all are.
Report Examine(const std::vector<v1::Model>& models, const ConfigLines& lines,
               Connection& connection, Interrupts& interrupts) {
  std::fprintf(stderr, "mom: trying %s\n", FormatCounted(models.size(), "model").c_str());
  std::mutex mutex;
  std::size_t through = 0;  // guarded by mutex
  const auto examine = [&](const v1::Model& model) {
    Probes probes = ProbeModel(model.name(), connection, interrupts);
    if (interrupts.signal() != 0) return probes;
    const std::lock_guard lock(mutex);
    std::fprintf(stderr, "mom: %s %s (%zu of %zu)\n", model.name().c_str(),
                 probes.plain.status.ok() ? "answers" : "does not answer", ++through,
                 models.size());
    return probes;
  };
  std::vector<std::future<Probes>> probes;
  for (const v1::Model& model : models) {
    probes.push_back(std::async(std::launch::async, examine, std::cref(model)));
  }
  Report report;
  for (std::size_t i = 0; i < models.size(); ++i) {
    report.Add(models[i], Diagnose(models[i], probes[i].get(), lines));
  }
  return report;
}

}  // namespace

int RunDoctor(const std::vector<std::string>& args) {
  CommandLine command_line("doctor", "[MODEL...]", kAboutDoctor);
  AddressOptions options;
  bool yes = false;
  command_line.AddSwitch("--yes", "do not ask before the calls", [&] { yes = true; });
  options.AddTo(command_line);
  if (const auto exit_code = command_line.Read(args)) return *exit_code;
  const StatusOr<std::string> address = FindAddress(options, ProcessEnv());
  if (!address.ok()) return FailUsage(MessageOf(address.status()));

  Interrupts interrupts;
  Connection connection(*address);
  const StatusOr<std::vector<v1::Model>> all = ListModels(connection, interrupts);
  if (!all.ok()) return Fail(all.status());
  const StatusOr<ConfigLines> lines = ReadLines(options.config, *all);
  if (!lines.ok()) return FailUsage(MessageOf(lines.status()));
  const StatusOr<std::vector<v1::Model>> models = Choose(*all, command_line.words());
  if (!models.ok()) return FailUsage("doctor: " + MessageOf(models.status()));
  if (!yes && ::isatty(STDIN_FILENO) != 1) {
    return FailUsage("doctor: the calls may cost money; agree with --yes");
  }
  if (!yes && !Agrees(models->size())) return std::fputs("No model was asked.\n", stderr), kFailed;

  Report report = Examine(*models, *lines, connection, interrupts);
  if (interrupts.signal() != 0) DieOf(interrupts.signal());
  for (const auto& [model, provider] : lines->Models()) {
    const bool is_on = std::any_of(all->begin(), all->end(),
                                   [&](const v1::Model& one) { return one.name() == model; });
    if (!is_on && command_line.words().empty()) report.AddOff(model, provider, *lines);
  }
  std::fputs(report.Text().c_str(), stdout);
  return report.any_broken() ? kFailed : kDone;
}

}  // namespace mom::cli
