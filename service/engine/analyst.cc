#include "service/engine/analyst.h"

#include <algorithm>
#include <utility>

#include "service/base/reasons.h"
#include "service/engine/analysis.h"
#include "service/engine/critic_reserve.h"
#include "service/engine/critics.h"

namespace mom {
namespace {

// Enough for a critic that thinks first.
constexpr std::int64_t kMostAnalysisTokens = 2000;

// When the analysis is late.
Deadline AnalysisLimit(RunContext& context, const std::string& critic, Deadline limit) {
  if (limit.IsNever()) return limit;
  const Pace& pace = *context.PaceOf(critic);
  const Pace::Duration whole = context.deadline().time() - context.record().start;
  const std::optional<std::int64_t> max_tokens =
      context.FindModel(critic)->MaxTokens(context.chat()->params.max_output_tokens);
  const Deadline writer_at = Deadline::At(limit.time() - CriticReserve(whole, pace, max_tokens));
  return Deadline::Earliest(writer_at, Deadline::After(AnalysisReserve(whole, pace)));
}

void Learn(Pace& pace, const Collected& collected) {
  if (collected.status.ok()) pace.Add(Pace::Of::kAnalysis, collected.latency);
  if (collected.status.code() == StatusCode::kDeadlineExceeded) {
    pace.AddCut(Pace::Of::kAnalysis, collected.latency);
  }
}

// The analysis, or what is wrong with it.
StatusOr<std::string> ReadReport(const Collected& collected, const std::string& nonce) {
  if (!collected.status.ok()) return collected.status;
  const auto unusable = [](const char* why) {
    return MakeError(StatusCode::kUnavailable, why, reason::kUpstreamProtocol);
  };
  const std::optional<Analysis> analysis = ReadAnalysis(collected.completion.text);
  if (!analysis) return unusable("it has no JSON object as it was asked for");
  std::string json = ToJson(*analysis);
  if (json.find(nonce) != std::string::npos) return unusable("it repeats the candidates' fence");
  return json;
}

// As AnalysisReport has it. Who is late but at work will also write.
std::string WhyCriticFailed(const Collected& collected, bool is_late) {
  if (collected.status.ok()) return {};
  if (!is_late) return GetErrorInfo(collected.status).reason;
  return collected.time_to_first_token ? "" : "silent";
}

}  // namespace

asio::awaitable<StatusOr<AnalysisReport>> Analyse(RunContext& context,
                                                  std::vector<const Candidate*> candidates,
                                                  std::string nonce, Deadline limit) {
  const std::string& critic = context.mixture().critic;
  const Deadline late = AnalysisLimit(context, critic, limit);
  AnalysisReport report;
  const auto left_out = [&](const std::string& why) {
    context.Note("the candidates were not analysed by " + critic + ": " + why);
    return report;
  };
  if (late.Passed()) co_return left_out("the rest of the time is the writer's");
  if (!FitsWindow(context, critic)) co_return left_out(reason::kContextLengthExceeded);
  CriticPromptOptions options;
  options.instruction = kAnalysisInstruction;
  options.nonce = nonce;
  const CriticPrompt prompt = PromptFor(context, critic, candidates, std::move(options));
  auto stream =
      context.Ask(critic, AsAside(*prompt.chat, kMostAnalysisTokens), CallRole::kAnalysis, late);
  const Status told = co_await context.TellStage("analysis", critic, DraftLegend(prompt));
  if (!told.ok()) co_return told;
  const Collected collected = co_await Collect(std::move(stream));
  Learn(*context.PaceOf(critic), collected);
  StatusOr<std::string> read = ReadReport(collected, nonce);
  if (read.ok()) {
    report.json = *std::move(read);
    co_return report;
  }
  const bool is_late = GetErrorInfo(read.status()).reason == reason::kDeadline;
  report.critic_failed = WhyCriticFailed(collected, is_late);
  co_return left_out(is_late ? "it was not there when the time of the analysis was up"
                             : MessageOf(read.status()));
}

}  // namespace mom
