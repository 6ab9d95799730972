#include "service/contract/json_vote.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "service/base/json_reader.h"
#include "service/base/json_writer.h"
#include "service/contract/canonical_json.h"

namespace mom {
namespace {

// What each voter has in one place; nullopt: nothing is there.
using Votes = std::vector<std::optional<std::string_view>>;
using Members = std::vector<std::pair<std::string, std::string_view>>;

// Objects further down are compared as wholes, as each level reads its text once more.
constexpr int kDeepest = 16;

std::optional<std::string> Winner(const Votes& votes, int depth);

// What is equal for equal values. A number with an exponent that nobody reads is only equal to
// itself.
std::string WhatIs(std::string_view text) {
  return CanonicalJson(text).value_or(std::string(text));
}

// What is voted on in an object.
struct Place {
  std::string_view name;
  Votes votes;  // of each object
};

// The places of the winning object: the best one's in its order, then those that only others have.
std::vector<Place> PlacesOf(const std::vector<Members>& objects) {
  std::vector<Place> places;
  std::unordered_map<std::string_view, std::size_t> at;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    for (const auto& [name, value] : objects[i]) {
      const auto [known, is_new] = at.emplace(name, places.size());
      if (is_new) places.push_back({name, Votes(objects.size())});
      places[known->second].votes[i] = value;  // of the same name the last one counts
    }
  }
  return places;
}

// The values of the best one's text replaced, so that its spaces stay.
std::string Spliced(std::string_view best, const Members& members,
                    const std::unordered_map<std::string_view, std::string>& values) {
  std::string out;
  const char* from = best.data();
  for (const auto& [name, value] : members) {
    out.append(from, value.data());
    out += values.at(name);
    from = value.data() + value.size();
  }
  return out.append(from, best.data() + best.size());
}

std::string MergedObject(const std::vector<std::string_view>& texts, int depth) {
  std::vector<Members> objects;
  for (const std::string_view text : texts) objects.push_back(*ReadJsonObject(text));
  std::unordered_map<std::string_view, std::string> values;
  JsonWriter json;
  json.BeginObject();
  bool as_best = true;
  for (const auto& [name, votes] : PlacesOf(objects)) {
    std::optional<std::string> value = Winner(votes, depth + 1);
    as_best = as_best && value.has_value() == votes.front().has_value();
    if (!value) continue;
    json.Key(name).Raw(*value);
    values.emplace(name, *std::move(value));
  }
  json.EndObject();
  as_best = as_best && values.size() == objects.front().size();
  return as_best ? Spliced(texts.front(), objects.front(), values) : json.TakeString();
}

// What most have; nullopt: nothing. All objects are one choice, whose members are voted on.
std::optional<std::string> Winner(const Votes& votes, int depth) {
  struct Choice {
    std::string what;
    std::vector<std::string_view> texts;
    std::size_t count = 0;
  };
  std::vector<Choice> choices;
  for (const auto& vote : votes) {
    // No canonical text is empty, or one brace.
    std::string what;
    if (vote) what = vote->starts_with('{') && depth < kDeepest ? "{" : WhatIs(*vote);
    auto choice = std::find_if(choices.begin(), choices.end(),
                               [&](const Choice& one) { return one.what == what; });
    if (choice == choices.end()) {
      choice = choices.insert(choices.end(), Choice());
      choice->what = what;
    }
    ++choice->count;
    if (vote) choice->texts.push_back(*vote);
  }
  const auto winner =
      std::max_element(choices.begin(), choices.end(),
                       [](const Choice& a, const Choice& b) { return a.count < b.count; });
  if (winner->texts.empty()) return std::nullopt;
  return winner->what == "{" ? MergedObject(winner->texts, depth)
                             : std::string(winner->texts.front());
}

std::string_view WithoutSpaces(std::string_view text) {
  constexpr char kSpaces[] = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(kSpaces), text.size()));
  return text.substr(0, text.find_last_not_of(kSpaces) + 1);
}

}  // namespace

JsonVote VoteOnJson(const std::vector<std::string_view>& texts, const JsonSchema& schema) {
  const std::string_view best = texts.front();
  JsonVote vote{JsonAgreement::kBest, std::string(best)};
  const std::string value = WhatIs(best);
  if (std::all_of(texts.begin(), texts.end(),
                  [&](std::string_view text) { return WhatIs(text) == value; })) {
    vote.agreement = JsonAgreement::kSame;
    return vote;
  }
  if (texts.size() < 3) return vote;
  Votes votes;
  for (const std::string_view text : texts) votes.emplace_back(WithoutSpaces(text));
  std::optional<std::string> winner = Winner(votes, 0);
  if (winner && WhatIs(*winner) != value && schema.Check(*winner).fits) {
    vote = {JsonAgreement::kMerged, *std::move(winner)};
  }
  return vote;
}

}  // namespace mom
