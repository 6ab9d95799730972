// Runs requests.
#ifndef MOM_ENGINE_ENGINE_H_
#define MOM_ENGINE_ENGINE_H_

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "service/engine/call_extras.h"
#include "service/engine/event_sink.h"
#include "service/engine/mixture_config.h"
#include "service/engine/pace.h"
#include "service/engine/run.h"
#include "service/model/model_registry.h"
#include "service/net/http_client.h"

namespace mom {

// All that a request needs of the config: one generation, swapped whole, pinned by each request
// from its start to its end.
struct EngineSnapshot {
  std::uint64_t generation = 1;
  std::chrono::system_clock::time_point load_time;
  ModelsConfig models;
  MixturesConfig mixtures;
  ModelRegistry registry;
};

class Engine {
 public:
  // `observers` must outlive the engine's last run.
  Engine(std::shared_ptr<const EngineSnapshot> snapshot, std::vector<RunObserver*> observers);

  // Runs one request to its end: sends its events to `sink`, `completed` last, and gives OK; or
  // gives the failure. Whatever happens, the observers are told once.
  // Call on the loop that owns `http` and `sink`; both must outlive the coroutine.
  // Cancellation: throws boost::system::system_error(operation_aborted); all upstream calls stop.
  asio::awaitable<Status> Run(RunRequest request, HttpClient& http, EventSink& sink);

  // Thread-safe. What was learnt of models that a new snapshot has unchanged stays.
  std::shared_ptr<const EngineSnapshot> snapshot() const;
  void SetSnapshot(std::shared_ptr<const EngineSnapshot> snapshot);
  // What was learnt of the models. Thread-safe.
  PaceTable& paces() { return paces_; }
  // Requests under way. Thread-safe.
  int active_runs() const { return active_.load(); }

 private:
  class Finisher;
  mutable std::mutex mutex_;
  std::shared_ptr<const EngineSnapshot> snapshot_;  // guarded by mutex_
  PaceTable paces_;
  CallExtras extras_;
  std::vector<RunObserver*> observers_;
  std::atomic<int> active_{0};
};

}  // namespace mom

#endif  // MOM_ENGINE_ENGINE_H_
