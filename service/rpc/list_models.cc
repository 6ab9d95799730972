#include "service/rpc/list_models.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace mom {
namespace {

// The largest: whatever fits one member gets an answer. Told the smallest, an agent would shorten
// its conversation for a member that can as well sit out. 0 where a member's window is not known,
// for that member is asked whatever the length.
std::int64_t ContextWindow(const MixtureConfig& mixture, const ModelsConfig& models) {
  std::int64_t largest = 0;
  for (const std::string& member : mixture.members) {
    const ModelConfig* const model = models.FindModel(member);
    if (model == nullptr || model->context_window == 0) return 0;
    largest = std::max(largest, model->context_window);
  }
  return largest;
}

v1::Model Describe(const MixtureConfig& mixture, const ModelsConfig& models) {
  v1::Model out;
  out.set_name(mixture.name);
  out.set_kind(v1::MODEL_KIND_MIXTURE);
  for (const std::string& member : mixture.members) out.add_members(member);
  out.set_context_window(ContextWindow(mixture, models));
  out.set_critic(mixture.critic);
  out.set_strategy(mixture.strategy);
  return out;
}

v1::Model Describe(const ModelConfig& model) {
  v1::Model out;
  out.set_name(model.name);
  out.set_kind(v1::MODEL_KIND_MODEL);
  out.set_provider(model.provider);
  out.set_upstream_id(model.id);
  out.set_context_window(model.context_window);
  return out;
}

std::vector<v1::Model> DescribeAll(const EngineSnapshot& snapshot) {
  std::vector<v1::Model> out;
  for (const MixtureConfig& mixture : snapshot.mixtures.mixtures) {
    out.push_back(Describe(mixture, snapshot.models));
  }
  for (const ModelConfig& model : snapshot.models.models) {
    if (snapshot.registry.Find(model.name) != nullptr) out.push_back(Describe(model));
  }
  const auto loaded =
      std::chrono::duration_cast<std::chrono::seconds>(snapshot.load_time.time_since_epoch());
  for (v1::Model& model : out) model.mutable_create_time()->set_seconds(loaded.count());
  return out;
}

// A token is the index of the page's first entry.
std::optional<std::size_t> ParseToken(const std::string& token, std::size_t entries) {
  std::size_t index = 0;
  const char* const end = token.data() + token.size();
  if (token.empty()) return index;
  const auto [stop, error] = std::from_chars(token.data(), end, index);
  if (error != std::errc() || stop != end || index > entries) return std::nullopt;
  return index;
}

}  // namespace

StatusOr<v1::ListModelsResponse> ListModels(const EngineSnapshot& snapshot,
                                            const v1::ListModelsRequest& request) {
  if (request.page_size() < 0)
    return InvalidField("page_size", "must be at least 0, which stands for all");
  std::vector<v1::Model> all = DescribeAll(snapshot);
  const std::optional<std::size_t> begin = ParseToken(request.page_token(), all.size());
  if (!begin)
    return InvalidField("page_token",
                        "must be empty or the `next_page_token` of an earlier answer");
  const std::size_t left = all.size() - *begin;
  const std::size_t size = request.page_size() == 0
                               ? left
                               : std::min(left, static_cast<std::size_t>(request.page_size()));
  v1::ListModelsResponse out;
  for (std::size_t i = *begin; i < *begin + size; ++i) *out.add_models() = std::move(all[i]);
  if (size < left) out.set_next_page_token(std::to_string(*begin + size));
  return out;
}

asio::awaitable<Status> ServeListModels(UnaryCall& call, Engine& engine) {
  v1::ListModelsRequest request;
  const Status parsed = call.ParseRequest(request);
  if (!parsed.ok()) co_return parsed;
  const StatusOr<v1::ListModelsResponse> response = ListModels(*engine.snapshot(), request);
  if (response.ok()) call.SetResponse(*response);
  co_return response.status();
}

}  // namespace mom
