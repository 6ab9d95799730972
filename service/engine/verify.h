// A model that says whether one answer is good, and nothing else.
#ifndef MOM_ENGINE_VERIFY_H_
#define MOM_ENGINE_VERIFY_H_

#include <boost/asio/awaitable.hpp>
#include <string>

#include "service/engine/candidate.h"
#include "service/engine/strategy.h"

namespace mom {

struct Finding {
  bool is_good = false;
  std::string why;  // one line for people
};

// Asks the mixture's critic, as a judge, whether `answer`, which it sees as data, answers the
// request rightly and wholly: yes or no. Good without a call where the mixture has no critic; not
// good where the call fails or brings neither. Tells the stage "judge". An error: the client is
// gone. Cancellation: throws; the call stops.
asio::awaitable<StatusOr<Finding>> Verify(RunContext& context, const Candidate& answer,
                                          Deadline limit);

}  // namespace mom

#endif  // MOM_ENGINE_VERIFY_H_
