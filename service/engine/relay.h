// Passes one model's answer on to the client.
#ifndef MOM_ENGINE_RELAY_H_
#define MOM_ENGINE_RELAY_H_

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>

#include "service/engine/held_answer.h"
#include "service/engine/strategy.h"
#include "service/model/model_client.h"

namespace mom {

// Sends what an answer gives (held_answer.h) as it comes, after `first`, where that was taken from
// it already; what became of it is answer.result(). After the first piece (the commit point) a
// failure is collected.status, and the client has a part. An error: the client is gone.
// Cancellation: throws; the upstream call stops with the answer.
asio::awaitable<Status> Relay(RunContext& context, HeldAnswer& answer,
                              std::optional<ChatDelta> first);

// Asks `model` alone, which FindModel knows, and passes its answer on as it comes; its tool calls
// when they are whole, one piece each. Where the mixture has others to ask or can `repair`, an
// answer that must keep a form, or call a tool in a turn without results, is held until it is
// whole; where it has others, so is of one that reads like a refusal as much as may be one. What is
// no good then does not go out: a refusal, or what does not keep the form. `others`: as CallContext
// has them. The record's last candidate says what became of it. nullopt: it failed or is no good,
// and nothing went out. An error: the client is gone, or the answer broke off after a part of it
// was out.
asio::awaitable<StatusOr<std::optional<Outcome>>> AskAlone(RunContext& context, std::string model,
                                                           std::shared_ptr<const ChatRequest> chat,
                                                           Others others);

// Passes a candidate on as it is; `why` is for people. An error: the client is gone.
asio::awaitable<StatusOr<Outcome>> GiveCandidate(RunContext& context, const Candidate& candidate,
                                                 std::string why);

}  // namespace mom

#endif  // MOM_ENGINE_RELAY_H_
