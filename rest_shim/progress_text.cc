#include "rest_shim/progress_text.h"

namespace mom::rest {
namespace {

std::string Tell(const v1::Started& started) {
  std::string out = "asked: ";
  for (int i = 0; i < started.members_size(); ++i) out += (i > 0 ? ", " : "") + started.members(i);
  return out;
}

std::string Tell(const v1::Stage& stage) {
  if (stage.name() == "anchor") return stage.model() + "'s answer goes out";
  if (stage.name() == "critic") return stage.model() + " writes the answer";
  std::string out = stage.name();
  if (!stage.model().empty()) out += " " + stage.model();
  if (!stage.detail().empty()) out += ": " + stage.detail();
  return out;
}

std::string Tell(const v1::Candidate& candidate) {
  switch (candidate.state()) {
    case v1::CANDIDATE_STATE_SUCCEEDED:
      return candidate.model() + " has answered";
    case v1::CANDIDATE_STATE_CANCELLED:
      return candidate.model() + " is not waited for any more";
    case v1::CANDIDATE_STATE_SKIPPED:
      return candidate.model() + " is left out";
    default:
      return candidate.model() + " has failed";
  }
}

}  // namespace

std::string ProgressLine(const v1::SynthesizeStreamResponse& event) {
  if (event.has_started()) return Tell(event.started()) + "\n\n";
  if (event.has_stage()) return Tell(event.stage()) + "\n\n";
  if (event.has_candidate_finished()) return Tell(event.candidate_finished()) + "\n\n";
  return {};
}

}  // namespace mom::rest
