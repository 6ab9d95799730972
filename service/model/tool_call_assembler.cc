#include "service/model/tool_call_assembler.h"

#include <utility>

#include "service/base/ascii.h"
#include "service/base/reasons.h"

namespace mom {

int ToolCallAssembler::Latest(std::int64_t upstream_index) const {
  for (int i = static_cast<int>(calls_.size()) - 1; i >= 0; --i) {
    if (calls_[static_cast<std::size_t>(i)].upstream_index == upstream_index) return i;
  }
  return -1;
}

int ToolCallAssembler::CallOf(const Piece& piece) const {
  if (piece.index) {
    const int at = Latest(*piece.index);
    if (at < 0) return -1;
    // Two calls under one index: the second comes with a name and an id of its own. A new id alone
    // is no new call; some servers invent one for each piece.
    const std::string& known = calls_[static_cast<std::size_t>(at)].upstream_id;
    const bool other = !piece.id.empty() && !known.empty() && piece.id != known;
    return other && !piece.name.empty() ? -1 : at;
  }
  for (std::size_t i = 0; i < calls_.size() && !piece.id.empty(); ++i) {
    if (calls_[i].upstream_id == piece.id) return static_cast<int>(i);
  }
  if (!piece.id.empty()) return -1;
  // Neither index nor id: its place among its neighbours, or the call that was begun last.
  const int size = static_cast<int>(calls_.size());
  if (piece.neighbours > 1)
    return piece.position < size && piece.name.empty() ? piece.position : -1;
  return piece.name.empty() || !piece.needs_id ? size - 1 : -1;
}

StatusOr<std::optional<ToolCallDelta>> ToolCallAssembler::Add(Piece piece,
                                                              const std::string& answer_id) {
  int at = CallOf(piece);
  const bool begins = at < 0;
  if (begins) at = static_cast<int>(calls_.size());
  if (at >= kMaxCalls || piece.index.value_or(0) < 0 || piece.index.value_or(0) >= kMaxCalls) {
    return MakeError(StatusCode::kUnavailable, "an answer with more than 128 tool calls",
                     reason::kUpstreamProtocol);
  }
  if (begins) calls_.emplace_back();
  Call& call = calls_[static_cast<std::size_t>(at)];

  ToolCallDelta delta;
  delta.index = at;
  if (begins) {
    call.upstream_index = piece.index;
    call.upstream_id = piece.id;
    delta.id = std::move(piece.id);
    if (delta.id.empty() && piece.needs_id) {
      delta.id = "call_" + answer_id + "_" + std::to_string(at);
    }
  }
  if (!call.has_name && !piece.name.empty()) {
    call.has_name = true;
    delta.name = std::move(piece.name);
  }
  delta.arguments_json = std::move(piece.arguments_json);
  call.has_arguments = call.has_arguments || !Trim(delta.arguments_json).empty();
  delta.extra_content_json = std::move(piece.extra_content_json);
  if (!begins && delta.name.empty() && delta.arguments_json.empty() &&
      delta.extra_content_json.empty()) {
    return std::optional<ToolCallDelta>();
  }
  return std::optional<ToolCallDelta>(std::move(delta));
}

void ToolCallAssembler::FillEmpty(std::vector<ToolCallDelta>& deltas) {
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    if (std::exchange(calls_[i].has_arguments, true)) continue;
    ToolCallDelta delta;
    delta.index = static_cast<int>(i);
    delta.arguments_json = "{}";
    deltas.push_back(std::move(delta));
  }
}

}  // namespace mom
