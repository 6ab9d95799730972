// What a request says of whether and which tools its answer may call.
#ifndef MOM_CONTRACT_TOOL_CHOICE_H_
#define MOM_CONTRACT_TOOL_CHOICE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/model/chat.h"

namespace mom {

struct CallLimits {
  bool may_call = true;
  bool must_call = false;
  // The only tools that may be called; unset: any that is declared.
  std::optional<std::vector<std::string>> tools;

  bool Allows(std::string_view tool) const;
};

// By tool_choice in all its forms, `allowed_tools` too, of which a part that cannot be read limits
// nothing. Of a choice of another shape nothing is known. Pure.
// Source: the Chat Completions API's reference, tool_choice.
CallLimits LimitsOf(const std::optional<ToolChoice>& choice);

}  // namespace mom

#endif  // MOM_CONTRACT_TOOL_CHOICE_H_
