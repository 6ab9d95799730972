// What an answer comes to, whatever its words are.
#ifndef MOM_CONTRACT_EFFECT_H_
#define MOM_CONTRACT_EFFECT_H_

#include <string>
#include <string_view>

#include "service/contract/contract.h"

namespace mom {

// A text that two usable answers have in common exactly where it makes no difference to the client
// which of them it gets: of edits the files as they leave them, of a closed answer what it says, of
// all others the answer itself. To be compared, not to be read. Pure; takes as long as Check().
std::string EffectOf(const Contract& contract, std::string_view answer);

}  // namespace mom

#endif  // MOM_CONTRACT_EFFECT_H_
