#include "clients/cli/doctor_diagnosis.h"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "clients/cli/answer_text.h"
#include "service/base/json_reader.h"
#include "service/base/reasons.h"
#include "service/base/units.h"

namespace mom::cli {
namespace {

// A text that is shorter may come in one piece without a fault.
constexpr std::size_t kLongEnoughToStream = 20;

bool KeepsSchema(std::string_view text) {
  const auto members = ReadJsonObject(text);
  return members && members->size() == 1 && members->front().first == kProbeMember &&
         ParseInteger(members->front().second).has_value();
}

// Whether momd did not make the call: what it remembers of the model may be mended by now.
bool WasRefused(const std::string& reason) {
  return reason == reason::kTargetOpen || reason == reason::kTargetNotBefore ||
         reason == reason::kTargetBusy;
}

// When a call that was refused would be made; empty: that is not known.
std::string WhenAskedAgain(const ErrorInfo& info) {
  if (!WasRefused(info.reason) || !info.retry_after) return "";
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*info.retry_after);
  return "; try it again in " + std::to_string(seconds.count()) + " s";
}

class Diagnosing {
 public:
  Diagnosing(const v1::Model& model, const ConfigLines& lines) : model_(model), lines_(lines) {}

  Diagnosis Run(const Probes& probes) {
    Plain(probes.plain);
    if (probes.tool) Tool(*probes.tool);
    if (probes.schema) Schema(*probes.schema);
    return std::move(out_);
  }

 private:
  void Plain(const Probe& probe) {
    if (!probe.status.ok()) return PlainFailed(probe.status);
    out_.answers = true;
    out_.key = out_.found = Finding::kYes;
    const bool is_long = VisibleText(probe.answer.message()).size() >= kLongEnoughToStream;
    if (probe.pieces > 1) out_.stream = Finding::kYes;
    if (probe.pieces == 1 && is_long) {
      out_.stream = Finding::kNo;
      Remark("timeouts.first_token",
             "the answer comes in one piece, however long it takes; allow it that time");
    }
    out_.usage = probe.answer.usage().estimated() ? Finding::kNo : Finding::kYes;
    if (out_.usage == Finding::kNo) {
      Remark("price", "the provider sends no usage: tokens are estimated, and so is the cost");
    }
  }

  void PlainFailed(const Status& status) {
    const std::string reason = GetErrorInfo(status).reason;
    out_.asked = !WasRefused(reason);
    if (reason == reason::kUpstreamAuth) out_.key = Finding::kNo;
    if (reason == reason::kUpstreamModelNotFound) out_.found = Finding::kNo;
    if (reason == reason::kUpstreamQuota || reason == reason::kUpstreamRateLimited ||
        reason == reason::kTargetNotBefore) {
      out_.key = Finding::kYes;
    }
    Failed(status);
  }

  void Tool(const Probe& probe) {
    const std::string reason = GetErrorInfo(probe.status).reason;
    if (probe.status.ok()) {
      const auto& calls = probe.answer.message().tool_calls();
      const bool right = std::any_of(calls.begin(), calls.end(), [](const v1::ToolCall& call) {
        return call.function().name() == kProbeTool &&
               KeepsSchema(call.function().arguments_json());
      });
      out_.tools = right ? Finding::kYes : Finding::kNo;
    } else if (reason == reason::kUnsupportedInput) {
      out_.tools = Finding::kOff;
    } else if (reason == reason::kUpstreamBadRequest || reason == reason::kMalformedToolCall) {
      out_.tools = Finding::kNo;
    } else {
      out_.all_tried = false;
      Failed(probe.status);
    }
    if (out_.tools != Finding::kNo) return;
    Remark("tools",
           reason == reason::kUpstreamBadRequest
               ? "the provider rejects a demanded tool call; write false"
               : "a demanded tool call did not come, or with wrong arguments; write false");
  }

  void Schema(const Probe& probe) {
    if (probe.status.ok()) {
      const bool keeps = KeepsSchema(VisibleText(probe.answer.message()));
      out_.schema = keeps ? Finding::kYes : Finding::kNo;
    } else if (GetErrorInfo(probe.status).reason == reason::kUpstreamBadRequest) {
      out_.schema = Finding::kNo;
    } else {
      out_.all_tried = false;
      Failed(probe.status);
    }
    if (out_.schema != Finding::kNo) return;
    Remark("id",
           probe.status.ok()
               ? "the answer does not keep a JSON schema; choose another model where it must"
               : "the provider rejects a JSON schema; choose another model where one is kept");
  }

  // momd says what is wrong, and mostly which key to check.
  void Failed(const Status& status) {
    const ErrorInfo info = GetErrorInfo(status);
    const auto found = info.metadata.find("config_key");
    const std::string key = found == info.metadata.end() ? "" : found->second;
    const std::string of_provider = "providers." + model_.provider() + ".";
    const std::string of_model = "models." + model_.name() + ".";
    std::string place = lines_.Place("models", model_.name(), "");
    if (key.starts_with(of_provider)) {
      place = lines_.Place("providers", model_.provider(), key.substr(of_provider.size()));
    } else if (key.starts_with(of_model)) {
      place = lines_.Place("models", model_.name(), key.substr(of_model.size()));
    }
    std::string remark = place + ": " + MessageOf(status);
    if (!info.reason.empty()) remark += " (" + info.reason + ")";
    remark += WhenAskedAgain(info);
    out_.remarks.push_back(std::move(remark));
  }

  void Remark(const std::string& key, const std::string& text) {
    out_.remarks.push_back(lines_.Place("models", model_.name(), key) + ": " + text);
  }

  const v1::Model& model_;
  const ConfigLines& lines_;
  Diagnosis out_;
};

}  // namespace

std::string Diagnosis::Verdict() const {
  if (!answers) return asked ? "broken" : "not asked";
  const bool limited = stream == Finding::kNo || usage == Finding::kNo || tools == Finding::kNo ||
                       schema == Finding::kNo || !all_tried;
  return limited ? "limited" : "good";
}

Diagnosis Diagnose(const v1::Model& model, const Probes& probes, const ConfigLines& lines) {
  return Diagnosing(model, lines).Run(probes);
}

}  // namespace mom::cli
