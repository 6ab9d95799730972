// What tokens cost.
#ifndef MOM_MODEL_PRICING_H_
#define MOM_MODEL_PRICING_H_

#include <cstdint>

#include "service/model/chat.h"
#include "service/model/model_config.h"

namespace mom {

// The price of `usage` in billionths of a US dollar, rounded half up; cached tokens at their own
// price. Exact for prices of up to six decimals; saturates.
std::int64_t CostNanosUsd(const Usage& usage, const Price& price);

}  // namespace mom

#endif  // MOM_MODEL_PRICING_H_
