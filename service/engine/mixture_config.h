// The part `mixtures` of the config.
#ifndef MOM_ENGINE_MIXTURE_CONFIG_H_
#define MOM_ENGINE_MIXTURE_CONFIG_H_

#include <chrono>
#include <string>
#include <vector>

#include "service/base/yaml_reader.h"
#include "service/contract/contract_kind.h"
#include "service/model/model_config.h"

namespace mom {

// Answers the requests that name none.
inline constexpr char kDefaultMixture[] = "mom";

// See docs/config.md and the stop rule in gather.h.
struct GraceConfig {
  std::chrono::milliseconds min{250};
  std::chrono::milliseconds max{10'000};
  std::chrono::milliseconds first_max{15'000};
  bool operator==(const GraceConfig&) const = default;
};

// What `mutating_tools` is where it is not written: by name, the tools of agents that write, run or
// send. One that is here in vain costs a call of the critic, where members disagree; one that is
// missing can change something by a single member's word.
const std::vector<std::string>& DefaultMutatingTools();

struct MixtureConfig {
  std::string name;
  std::string strategy = "auto";
  std::vector<std::string> members;  // usable ones only, in the file's order
  // Of `cascade`: the members, split, in their order.
  std::vector<std::vector<std::string>> tiers;
  std::string side_model;  // of `auto`: who answers side calls; empty: as all others
  int samples = 5;         // of `self`: how often its one member answers
  // The one configured; where it is off or none is, the first usable fallback, else the first
  // member. Empty where none is configured and the strategy reads none (strategy_keys.h).
  std::string critic;
  std::vector<std::string> critic_fallbacks;  // usable ones only, without the critic
  // The most calls of a critic that may be hedged (critics.h), as a share of all; 0: none.
  double critic_hedge = 0.05;
  // How the critic looks at the candidates before it writes: "separate", in a call of its own;
  // "inline", in its thoughts; "off".
  std::string analysis = "off";
  // Compares answers that `select` could not tell apart; empty: nobody does. Where the file names
  // none, it is the critic that it names.
  std::string judge;
  // Whether an answer's edits are mended with another's where none keeps its form (give_graft.h).
  bool graft = true;
  // Whether the best one's model is asked again where no answer keeps its form (repair.h).
  bool repair = true;
  int quorum = 0;  // 0: ceil(2n/3), and 1 for two members
  GraceConfig grace;
  std::chrono::milliseconds timeout{300'000};
  // "start": only the start of streamed prose is checked before it goes out; "all": the answer is
  // held until it is whole.
  std::string stream_hold = "start";
  // The form that answers must keep; a request may say otherwise.
  ContractChoice contract;
  // Patterns of names of tools that change something (tool_vote.h).
  std::vector<std::string> mutating_tools = DefaultMutatingTools();
  // Who is asked where a client brings tools' results: "relay", the model that called them; also
  // the whole mixture, "every_n": each `tool_turns_every`th time in a row; "on_error": after a
  // failure.
  std::string tool_turns = "relay";
  int tool_turns_every = 5;
  // Put in place of the built-in instruction to the critic; empty: the built-in one.
  std::string critic_prompt;
  // Put before the client's messages as a system message for members; empty: none.
  std::string member_system_prompt;
  bool operator==(const MixtureConfig&) const = default;
};

struct MixturesConfig {
  std::vector<MixtureConfig> mixtures;  // in the file's order
  // What the start should say: members left out as their provider is off, keys that the strategy
  // does not read, and so on.
  std::vector<std::string> notices;
  const MixtureConfig* Find(const std::string& name) const;
  bool operator==(const MixturesConfig&) const = default;
};

// Reads `mixtures` below `root`. A member whose provider is off is left out with a notice; a
// mixture left without members is a mistake that names the unset variables.
MixturesConfig ReadMixturesConfig(YamlReader& root, const ModelsConfig& models);

}  // namespace mom

#endif  // MOM_ENGINE_MIXTURE_CONFIG_H_
