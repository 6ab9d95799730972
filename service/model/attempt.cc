#include "service/model/attempt.h"

namespace mom {

const char* NameOf(CallRole role) { return role == CallRole::kMember ? "member" : "critic"; }

}  // namespace mom
