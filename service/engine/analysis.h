// What a critic makes out about the candidates before one answer is written from them.
#ifndef MOM_ENGINE_ANALYSIS_H_
#define MOM_ENGINE_ANALYSIS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mom {

// Short sentences, a few of each.
struct Analysis {
  std::vector<std::string> consensus;    // what the drafts agree on
  std::vector<std::string> conflicts;    // where they contradict each other, and who is right
  std::vector<std::string> unique;       // what only one of them has, and whether it holds
  std::vector<std::string> blind_spots;  // what none of them sees
  std::string best;                      // the label of the best draft; empty: none was named
};

// Asks for one, as the JSON that ReadAnalysis() reads.
extern const char kAnalysisInstruction[];

// Reads what a critic answered to that, leniently: whatever stands around the JSON object, strange
// keys and what is too long or too much is left out. nullopt: it says nothing that could be used.
// Pure.
std::optional<Analysis> ReadAnalysis(std::string_view answer);

// As compact JSON, a few thousand bytes at most.
std::string ToJson(const Analysis& analysis);

}  // namespace mom

#endif  // MOM_ENGINE_ANALYSIS_H_
