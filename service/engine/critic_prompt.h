// What the critic is asked.
#ifndef MOM_ENGINE_CRITIC_PROMPT_H_
#define MOM_ENGINE_CRITIC_PROMPT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/engine/candidate.h"
#include "service/model/chat.h"
#include "service/model/model_config.h"

namespace mom {

struct CriticPrompt {
  std::shared_ptr<const ChatRequest> chat;
  std::string nonce;
  // Models behind the labels A, B, C, ...: the order that the critic sees.
  std::vector<std::string> order;
};

struct CriticPromptOptions {
  // In place of kCriticInstruction; empty: that one.
  std::string instruction;
  // The order of the candidates is drawn from it, so that no member is always first; unset: they
  // stay in their order.
  std::optional<std::uint64_t> seed;
  // Most tokens of conversation and candidates, by estimate; 0: no limit. Over it the longest
  // candidates are cut, marked as cut; the conversation never is.
  std::int64_t max_tokens = 0;
  // Whether the critic may call the request's tools, as far as the request itself allows it.
  bool may_call_tools = false;
  // Of NonceFoundInNone(); empty: a fresh one. With the same nonce, seed and room, all that comes
  // before the instruction is the same, too.
  std::string nonce;
  // What a first look at the candidates came to (analysis.h); empty: there was none.
  std::string analysis;
};

// How many tokens a prompt may have, so that a quarter of the model's window is left for what it
// writes, or 2,000 tokens where that is less and half of the window has them. 0: it is not known.
std::int64_t PromptRoom(const ModelConfig& model);

// What fences the candidates: drawn by chance, and found in none of them.
std::string NonceFoundInNone(const std::vector<const Candidate*>& candidates);

// Calls as data: "[would call] " and the call as JSON, one a line.
std::string InWords(const std::vector<ToolCall>& calls);

// The built-in instruction.
extern const char kCriticInstruction[];
// Goes behind it where the critic is to analyse the candidates and write in one call.
extern const char kInlineAnalysis[];

// The client's conversation unchanged (so that provider prompt caches keep working), and after it
// one user message: the candidates as data, under blind labels, each between fences that hold a
// nonce found in none of them, the analysis as data, too, and the instruction. Calls of tools that
// a candidate proposes are shown as data behind its text. Tools stay in the request for the sake of
// the prefix, but must not be called unless the options say so.
CriticPrompt MakeCriticPrompt(const ChatRequest& chat,
                              const std::vector<const Candidate*>& candidates,
                              const CriticPromptOptions& options);

// A prompt that asks for something else than the client's answer (what the drafts come to, which is
// better): without what the client wants of its answer's form and length, also where it says so in
// further keys of the body.
std::shared_ptr<const ChatRequest> AsAside(const ChatRequest& prompt, std::int64_t max_tokens);

// Which draft is whose, for people: "draft A: writer, draft B: small".
std::string DraftLegend(const CriticPrompt& prompt);

// Tokens of the whole prompt that are not the client's conversation, by estimate: what an answer's
// own usage leaves out.
std::int64_t EstimateAddedTokens(const CriticPrompt& prompt);

}  // namespace mom

#endif  // MOM_ENGINE_CRITIC_PROMPT_H_
