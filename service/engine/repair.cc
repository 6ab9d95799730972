#include "service/engine/repair.h"

#include <memory>
#include <string>
#include <utility>

#include "service/base/reasons.h"
#include "service/engine/critic_prompt.h"
#include "service/engine/explain.h"
#include "service/engine/member_request.h"

namespace mom {
namespace {

Message Says(Role role, std::string text) {
  Message message;
  message.role = role;
  TextPart part;
  part.text = std::move(text);
  message.content.emplace_back(std::move(part));
  return message;
}

std::string Reproach(const Candidate& broken) {
  std::string reproach = "Your answer cannot be used as it is: " + broken.verdict.why + ".\n";
  if (!broken.completion.tool_calls.empty()) {
    reproach += "None of its calls was made. They were:\n" + InWords(broken.completion.tool_calls) +
                "\nCall tools by their own mechanism, never by writing the call as text.\n";
  }
  return reproach +
         "Answer the request again, whole, and exactly in the form that it asks for. Do not "
         "mention this mistake.";
}

// The model's own question, as MemberRequest() made it, with its answer and what is wrong with it.
// Calls are told in words: providers take no broken ones.
std::shared_ptr<const ChatRequest> Again(const ChatRequest& asked, const Candidate& broken) {
  auto chat = std::make_shared<ChatRequest>(asked);
  const std::string& text = broken.completion.text;
  if (!IsBlank(text)) chat->messages.push_back(Says(Role::kAssistant, text));
  chat->messages.push_back(Says(Role::kUser, Reproach(broken)));
  return chat;
}

// `broken` is the record's.
asio::awaitable<StatusOr<std::optional<Candidate>>> Repair(RunContext& context, Candidate& broken) {
  const std::string model = broken.model;
  std::optional<Candidate> none;
  StatusOr<std::shared_ptr<const ChatRequest>> asked =
      MemberRequest(context.chat(), *context.FindModel(model), context.mixture());
  if (!asked.ok()) co_return none;
  const Status told = co_await context.TellStage("repair", model, broken.verdict.why);
  if (!told.ok()) co_return told;
  auto stream =
      context.Ask(model, Again(**asked, broken), CallRole::kRepair, context.AnswerLimit());
  Collected collected = co_await Collect(std::move(stream));
  Candidate repaired =
      MakeCandidate(CandidateUnderWay(model), std::move(collected), *context.tool_rules());
  HoldToContract(context.contract(), repaired);
  // What it thinks is about its mistake, and the question that the client pays for was the first.
  repaired.completion.reasoning.clear();
  repaired.completion.usage.prompt_tokens = broken.completion.usage.prompt_tokens;
  repaired.completion.usage.cached_tokens = broken.completion.usage.cached_tokens;
  if (repaired.verdict.edits_nothing && !broken.verdict.edits_nothing) {
    repaired.verdict.Break(0, "it edits nothing");
    repaired.grade = Grade::kContractBroken;
  }
  if (!repaired.usable()) {
    const std::string reason =
        repaired.verdict.why.empty() ? NameOf(repaired.grade) : repaired.verdict.why;
    context.Degrade("repair of " + model + "'s answer: " +
                    (repaired.error.ok() ? reason : GetErrorInfo(repaired.error).reason));
    co_return none;
  }
  context.Note("no answer kept its form, so model " + model +
               " was asked once more, with the reason (mixtures." + context.mixture().name +
               ".repair)");
  broken.why = Describe(broken) + "; asked once more with that reason, it gave what went out";
  std::optional<Candidate> result(std::move(repaired));
  co_return result;
}

}  // namespace

bool CanBeRepaired(const Candidate& candidate) {
  const bool cannot_be_made = GetErrorInfo(candidate.error).reason == reason::kMalformedToolCall;
  return !candidate.verdict.usable && (candidate.grade == Grade::kContractBroken || cannot_be_made);
}

asio::awaitable<StatusOr<std::optional<Candidate>>> RepairBest(RunContext& context) {
  Candidate* best = nullptr;
  for (Candidate& candidate : context.record().candidates) {
    if (!CanBeRepaired(candidate)) continue;
    if (best == nullptr || candidate.verdict.score > best->verdict.score) best = &candidate;
  }
  std::optional<Candidate> none;
  if (best == nullptr || !context.mixture().repair) co_return none;
  co_return co_await Repair(context, *best);
}

}  // namespace mom
