#include "service/engine/mixture_config.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "service/base/nearest_name.h"
#include "service/engine/self.h"
#include "service/engine/strategy_keys.h"

namespace mom {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr int kMostMembers = 64;
constexpr int kMostTurns = 1000;

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Reads one mixture. Lives for one call.
class MixtureReader {
 public:
  MixtureReader(YamlReader& reader, const std::string& name,
                const std::vector<std::string>& mixture_names, const ModelsConfig& models,
                std::vector<std::string>& notices)
      : reader_(reader), mixture_names_(mixture_names), models_(models), notices_(notices) {
    out_.name = name;
  }

  MixtureConfig Read() {
    CheckName();
    reader_.ReadEnum("strategy", out_.strategy, StrategyNames());
    ReadMembers();
    ReadSamples();
    ReadTiers();
    ReadSideModel();
    ReadCritic();
    reader_.Read("critic_hedge", out_.critic_hedge, 0, 1);
    if (out_.strategy == "auto") out_.analysis = "separate";
    reader_.ReadEnum("analysis", out_.analysis, {"separate", "inline", "off"});
    ReadJudge();
    reader_.Read("graft", out_.graft);
    reader_.Read("repair", out_.repair);
    ReadQuorum();
    ReadGrace();
    reader_.Read("timeout", out_.timeout, milliseconds(1), hours(24));
    reader_.ReadEnum("stream_hold", out_.stream_hold, {"start", "all"});
    ReadContract();
    reader_.Read("mutating_tools", out_.mutating_tools);
    reader_.ReadEnum("tool_turns", out_.tool_turns, {"relay", "every_n", "on_error"});
    reader_.Read("tool_turns_every", out_.tool_turns_every, 1, kMostTurns);
    YamlReader prompts = reader_.Child("prompts");
    prompts.Read("critic", out_.critic_prompt);
    prompts.Read("member_system", out_.member_system_prompt);
    NoticeKeysNotRead(prompts);
    prompts.Done();
    reader_.Done();
    return std::move(out_);
  }

 private:
  void CheckName() {
    if (const std::string wrong = CheckModelName(out_.name); !wrong.empty()) {
      reader_.Error("", wrong);
    }
    if (models_.FindModel(out_.name) != nullptr) {
      reader_.Error("",
                    "is the name of a model, too; clients could not tell them apart, so rename "
                    "one of the two");
    }
  }

  // What is wrong with a model's name and what to write; empty: nothing.
  std::string CheckModel(const std::string& name) const {
    if (models_.FindModel(name) != nullptr) return {};
    std::vector<std::string> known;
    for (const ModelConfig& model : models_.models) known.push_back(model.name);
    if (name == out_.name) return "is this mixture itself; write one of " + JoinNames(known);
    if (Contains(mixture_names_, name)) {
      return "\"" + name + "\" is a mixture; write one of " + JoinNames(known);
    }
    return "no model is called \"" + name + "\"; " + SuggestName(name, known);
  }

  // Those of `named`, the names at `key`, that are right.
  std::vector<std::string> CheckModels(const std::string& key,
                                       const std::vector<std::string>& named) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < named.size(); ++i) {
      if (named[i].empty()) continue;  // reported
      std::string wrong = CheckModel(named[i]);
      if (wrong.empty() && Contains(out, named[i])) {
        wrong = "\"" + named[i] +
                "\" is named twice; remove one (for a second answer of the same "
                "model, write a second entry below models)";
      }
      if (wrong.empty()) {
        out.push_back(named[i]);
      } else {
        reader_.Error(key, i, wrong);
      }
    }
    return out;
  }

  // The variable whose absence switches the model off; empty: it is on.
  std::string OffBecause(const std::string& model) const {
    const ProviderConfig* provider = models_.FindProvider(models_.FindModel(model)->provider);
    return provider == nullptr ? "" : provider->off_because;
  }

  std::vector<std::string> UsableOf(const std::vector<std::string>& names) const {
    std::vector<std::string> out;
    std::copy_if(names.begin(), names.end(), std::back_inserter(out),
                 [this](const std::string& name) { return models_.IsUsable(name); });
    return out;
  }

  void ReadMembers() {
    std::vector<std::string> written;
    reader_.ReadRequired("members", written, "a list such as [model-a, model-b]");
    named_ = CheckModels("members", written);
    written_members_ = static_cast<int>(written.size());
    out_.members = UsableOf(named_);
    std::vector<std::string> absent;
    std::vector<std::string> variables;
    for (const std::string& name : named_) {
      const std::string variable = OffBecause(name);
      if (variable.empty()) continue;
      absent.push_back(name);
      if (!Contains(variables, variable)) variables.push_back(variable);
    }
    if (absent.empty()) return;
    if (absent.size() == named_.size()) {
      reader_.Error("members", "no member is left, as the providers of all of them are off; set " +
                                   std::string(variables.size() == 1 ? "" : "one or more of ") +
                                   "the environment variable" +
                                   (variables.size() == 1 ? " " : "s ") + JoinNames(variables));
    } else {
      Notice("goes without " + JoinNames(absent) + " (not set: " + JoinNames(variables) + ")");
    }
  }

  void ReadSamples() {
    reader_.Read("samples", out_.samples, 2, 16);
    if (out_.strategy != kSelf) return;
    if (written_members_ > 1) {
      reader_.Error("members",
                    "names several models, and the strategy self asks one of them several times; "
                    "write one member, or another strategy");
    } else if (!out_.members.empty() && models_.FindModel(out_.members.front())->temperature == 0) {
      Notice("takes samples of " + out_.members.front() +
             ", which may all be the same, as models." + out_.members.front() +
             ".temperature is 0");
    }
  }

  // Of sizes: the first member is tier one where none are written, and those that are left are one
  // more tier.
  void ReadTiers() {
    std::vector<std::string> sizes;
    if (out_.strategy == "cascade") sizes.push_back("1");
    reader_.Read("tiers", sizes);
    std::size_t from = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      int size = 0;
      const char* const end = sizes[i].data() + sizes[i].size();
      const auto [rest, error] = std::from_chars(sizes[i].data(), end, size);
      if (error != std::errc() || rest != end || size < 1) {
        reader_.Error("tiers", i, "is no number of members; write 1 or more");
        return;
      }
      AddTier(from, from + static_cast<std::size_t>(size));
      from += static_cast<std::size_t>(size);
    }
    if (from > named_.size() && !named_.empty() && reader_.Has("tiers")) {
      reader_.Error("tiers", "are of " + std::to_string(from) + " members, and there are " +
                                 std::to_string(named_.size()) + "; write less");
    }
    if (!sizes.empty()) AddTier(from, named_.size());
  }

  // Of the named members from `begin` on and before `end`, those that are usable.
  void AddTier(std::size_t begin, std::size_t end) {
    std::vector<std::string> tier;
    for (std::size_t i = begin; i < std::min(end, named_.size()); ++i) {
      if (models_.IsUsable(named_[i])) tier.push_back(named_[i]);
    }
    if (!tier.empty()) out_.tiers.push_back(std::move(tier));
  }

  void ReadSideModel() {
    std::string named;
    reader_.Read("side_model", named);
    if (named.empty()) return;
    if (const std::string wrong = CheckModel(named); !wrong.empty()) {
      reader_.Error("side_model", wrong);
    } else if (models_.IsUsable(named)) {
      out_.side_model = named;
    } else {
      Notice("goes without its side_model " + named + " (not set: " + OffBecause(named) + ")");
    }
  }

  void ReadCritic() {
    std::string named;
    std::vector<std::string> fallbacks;
    reader_.Read("critic", named);
    reader_.Read("critic_fallbacks", fallbacks);
    out_.critic_fallbacks = UsableOf(CheckModels("critic_fallbacks", fallbacks));
    if (!named.empty()) {
      if (const std::string wrong = CheckModel(named); !wrong.empty()) {
        reader_.Error("critic", wrong);
        return;
      }
      if (models_.IsUsable(named)) out_.critic = named;
    }
    // To others it is no more than the judge.
    const bool writes = ReadsKey(out_.strategy, "critic_fallbacks");
    const bool takes_one = writes && !out_.members.empty();
    if (out_.critic.empty() && takes_one) PutInCritic(named);
    std::erase(out_.critic_fallbacks, out_.critic);
  }

  // Where the one named is off, or none is named.
  void PutInCritic(const std::string& named) {
    out_.critic =
        out_.critic_fallbacks.empty() ? out_.members.front() : out_.critic_fallbacks.front();
    if (named.empty() && written_members_ > 1) {
      Notice("has no critic of its own, so " + out_.critic + " writes its answers; set mixtures." +
             out_.name + ".critic");
    }
    if (named.empty()) return;
    Notice("has " + out_.critic + " as its critic in place of " + named +
           " (not set: " + OffBecause(named) + ")");
  }

  void ReadJudge() {
    std::string named;
    reader_.Read("judge", named);
    if (!reader_.Has("judge") && reader_.Has("critic")) out_.judge = out_.critic;
    if (named.empty()) return;
    if (const std::string wrong = CheckModel(named); !wrong.empty()) {
      reader_.Error("judge", wrong);
    } else if (models_.IsUsable(named)) {
      out_.judge = named;
    } else {
      Notice("goes without its judge " + named + " (not set: " + OffBecause(named) + ")");
    }
  }

  void ReadQuorum() {
    reader_.Read("quorum", out_.quorum, 0, kMostMembers);
    if (out_.strategy == kSelf) {
      if (out_.quorum > out_.samples) {
        reader_.Error("quorum", "is more than there are samples; write at most " +
                                    std::to_string(out_.samples));
      }
      return;
    }
    if (written_members_ > 0 && out_.quorum > written_members_) {
      reader_.Error("quorum", "is more than there are members; write at most " +
                                  std::to_string(written_members_));
      return;
    }
    const int members = static_cast<int>(out_.members.size());
    if (members > 0 && out_.quorum > members) {
      out_.quorum = members;
      Notice("has a quorum of " + std::to_string(members) + ", all members that are left");
    }
  }

  void ReadContract() {
    std::string contract(NameOf(out_.contract));
    reader_.ReadEnum("contract", contract, ContractChoiceNames());
    out_.contract = ContractChoiceFromName(contract).value_or(out_.contract);
  }

  void ReadGrace() {
    YamlReader reader = reader_.Child("grace");
    reader.Read("min", out_.grace.min, milliseconds(0), hours(1));
    reader.Read("max", out_.grace.max, milliseconds(0), hours(1));
    reader.Read("first_max", out_.grace.first_max, milliseconds(0), hours(1));
    if (out_.grace.min > out_.grace.max) {
      reader.Error("max", "is shorter than min; write a max of at least min");
    }
    reader.Done();
  }

  void NoticeKeysNotRead(const YamlReader& prompts) {
    const auto is_written = [&](const std::string& key) {
      const std::string below = "prompts.";
      return key.starts_with(below) ? prompts.Has(key.substr(below.size())) : reader_.Has(key);
    };
    std::vector<std::string> keys = KeysNotReadBy(out_.strategy);
    std::erase_if(keys, [&](const std::string& key) { return !is_written(key); });
    if (keys.empty()) return;
    Notice("has " + JoinNames(keys) + ", which the strategy " + out_.strategy +
           " does not read; remove what is not meant, or write another strategy");
  }

  void Notice(const std::string& what) { notices_.push_back("mixture " + out_.name + " " + what); }

  YamlReader& reader_;
  const std::vector<std::string>& mixture_names_;
  const ModelsConfig& models_;
  std::vector<std::string>& notices_;
  MixtureConfig out_;
  std::vector<std::string> named_;  // the members that are right
  int written_members_ = 0;
};

}  // namespace

const MixtureConfig* MixturesConfig::Find(const std::string& name) const {
  const auto found =
      std::find_if(mixtures.begin(), mixtures.end(),
                   [&](const MixtureConfig& mixture) { return mixture.name == name; });
  return found == mixtures.end() ? nullptr : &*found;
}

const std::vector<std::string>& DefaultMutatingTools() {
  static const std::vector<std::string> kPatterns = {
      "*write*",   "*edit*",    "*create*",   "*delete*", "*remove*", "*replace*",  "*insert*",
      "*update*",  "*patch*",   "*move*",     "*rename*", "*bash*",   "*shell*",    "*exec*",
      "*run*",     "*command*", "*terminal*", "*send*",   "*post*",   "*push*",     "*commit*",
      "*install*", "*deploy*",  "*apply*",    "*save*",   "*reset*",  "*checkout*", "*click*"};
  return kPatterns;
}

MixturesConfig ReadMixturesConfig(YamlReader& root, const ModelsConfig& models) {
  MixturesConfig out;
  auto entries = root.Child("mixtures").Entries();
  std::vector<std::string> names;
  for (const auto& [name, reader] : entries) names.push_back(name);
  for (auto& [name, reader] : entries) {
    out.mixtures.push_back(MixtureReader(reader, name, names, models, out.notices).Read());
  }
  return out;
}

}  // namespace mom
