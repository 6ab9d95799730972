#include "service/contract/effect.h"

#include "service/contract/canonical_json.h"
#include "service/contract/closed_answer.h"
#include "service/contract/text_lines.h"

namespace mom {

std::string EffectOf(const Contract& contract, std::string_view answer) {
  const std::string_view text = Strip(answer);
  if (const auto closed = CanonicalAnswer(contract.kind, text)) return *closed;
  if (contract.kind == ContractKind::kJsonObject || contract.kind == ContractKind::kJsonSchema) {
    return CanonicalJson(text).value_or(std::string(text));
  }
  Workspace workspace(contract.files);
  CheckEdits(contract, text, workspace);
  std::string effect;
  for (const auto& [path, content] : workspace.Changes()) {
    effect.append(path).append(1, '\0');
    effect.append(content ? "=" + *content : "-").append(1, '\0');
  }
  return effect.empty() ? std::string(text) : effect;
}

}  // namespace mom
