// Puts the pieces of tool calls in order.
#ifndef MOM_MODEL_TOOL_CALL_ASSEMBLER_H_
#define MOM_MODEL_TOOL_CALL_ASSEMBLER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/base/status.h"
#include "service/model/chat.h"

namespace mom {

// Turns what providers send into what ToolCallDelta promises: indexes from 0 without gaps, each id
// and name once, on the call's first piece. Providers leave out the index, give one index to two
// calls, begin at 1, repeat ids, or give none. Pure; one object an answer.
class ToolCallAssembler {
 public:
  static constexpr int kMaxCalls = 128;

  // A piece as it came.
  struct Piece {
    std::optional<std::int64_t> index;
    int position = 0;    // among the pieces of its event,
    int neighbours = 1;  // and how many these are
    std::string id;
    std::string name;
    std::string arguments_json;  // to append
    std::string extra_content_json;
    bool needs_id = true;  // false: the older "functions" form, which has none
  };

  // Gives the piece in our form; nullopt where nothing is new in it. UPSTREAM_PROTOCOL where there
  // are more than kMaxCalls calls. `answer_id` makes an id where the provider gives none.
  StatusOr<std::optional<ToolCallDelta>> Add(Piece piece, const std::string& answer_id);

  // Appends `{}` for each call of which no arguments have come: many servers send nothing where a
  // tool takes none, and clients parse it. Only once the answer is over, and not cut.
  void FillEmpty(std::vector<ToolCallDelta>& deltas);

  bool empty() const { return calls_.empty(); }

 private:
  struct Call {
    std::optional<std::int64_t> upstream_index;
    std::string upstream_id;
    bool has_name = false;
    bool has_arguments = false;
  };

  // Which call the piece goes on with; -1: it begins one.
  int CallOf(const Piece& piece) const;
  int Latest(std::int64_t upstream_index) const;

  std::vector<Call> calls_;
};

}  // namespace mom

#endif  // MOM_MODEL_TOOL_CALL_ASSEMBLER_H_
