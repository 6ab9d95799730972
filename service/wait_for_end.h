// How momd ends.
#ifndef MOM_SERVICE_WAIT_FOR_END_H_
#define MOM_SERVICE_WAIT_FOR_END_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "service/base/service_manager.h"
#include "service/config.h"
#include "service/rpc/server.h"

namespace mom {

// Runs the loop. Returns when one of `signals` came and the requests under way are over: all of
// them, or as many as the time allows, or those before the second signal. `config` is the live one.
void WaitForEnd(asio::io_context& loop, asio::signal_set& signals, Server& server,
                const ServiceManager& manager, const Config& config);

}  // namespace mom

#endif  // MOM_SERVICE_WAIT_FOR_END_H_
