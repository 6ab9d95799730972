#include "service/contract/json_schema.h"

// Without it valijson ends the process where it does not like a schema.
#define VALIJSON_USE_EXCEPTIONS 1
#include <valijson/adapters/rapidjson_adapter.hpp>
#include <valijson/constraint_builder.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validation_visitor.hpp>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "service/base/json_writer.h"
#include "service/base/reasons.h"
#include "service/base/utf8.h"
#include "service/contract/exact_json.h"
#include "service/contract/schema_names.h"
#include "service/contract/schema_parts.h"

namespace mom {
namespace {

using valijson::ValidationResults;
using valijson::adapters::Adapter;
using valijson::adapters::RapidJsonAdapter;
using valijson::adapters::StdStringAdapter;
using Context = std::vector<std::string>;  // of valijson: "<root>", "[items]", "[0]"

constexpr std::size_t kMaxSchemaSize = 1 << 20;
// How many schemas one check applies to values, and how many more to tell what is wrong. One that
// looks at much of a value counts for more: a step is about a microsecond.
constexpr int kMostSteps = 500'000;
constexpr int kMostStepsToTell = 20'000;
// How deep a check may follow `$ref`s, in levels of the schema's text: what the stack has room for.
constexpr int kMaxRefDepth = 800;

// Ends a check that goes beyond these.
struct TooMuch : std::exception {};

int DepthOf(const rapidjson::Value& value) {
  int depth = 0;
  if (value.IsArray()) {
    for (const auto& item : value.GetArray()) depth = std::max(depth, DepthOf(item));
  } else if (value.IsObject()) {
    for (const auto& member : value.GetObject()) depth = std::max(depth, DepthOf(member.value));
  }
  return depth + 1;
}

// A value as valijson hands it over.
struct Seen {
  JsonKind kind = JsonKind::kNull;
  std::string text;  // decoded, of strings and numbers
};

Seen See(const Adapter& value) {
  if (value.isNull()) return {JsonKind::kNull, ""};
  if (value.isBool()) return {JsonKind::kBool, ""};
  if (value.isArray()) return {JsonKind::kArray, ""};
  if (value.isObject()) return {JsonKind::kObject, ""};
  const std::string in_tree = value.asString();
  // The names of members, which `propertyNames` looks at, have no marks.
  if (dynamic_cast<const StdStringAdapter*>(&value) != nullptr) return {JsonKind::kString, in_tree};
  return {IsNumber(in_tree) ? JsonKind::kNumber : JsonKind::kString, std::string(Decoded(in_tree))};
}

std::string Canonical(const Adapter& value);

// CanonicalJson() of a value as valijson hands it over.
void WriteCanonical(const Adapter& value, JsonWriter& json) {
  if (value.isArray()) {
    json.BeginArray();
    value.applyToArray([&](const Adapter& item) {
      WriteCanonical(item, json);
      return true;
    });
    json.EndArray();
  } else if (value.isObject()) {
    std::map<std::string, std::string> members;
    value.applyToObject([&](const std::string& name, const Adapter& member) {
      members.emplace(name, Canonical(member));
      return true;
    });
    json.BeginObject();
    for (const auto& [name, member] : members) json.Key(name).Raw(member);
    json.EndObject();
  } else {
    const Seen seen = See(value);
    if (seen.kind == JsonKind::kNull) json.Null();
    if (seen.kind == JsonKind::kBool) json.Bool(value.asBool());
    if (seen.kind == JsonKind::kNumber) json.Raw(seen.text);
    if (seen.kind == JsonKind::kString) json.String(seen.text);
  }
}

std::string Canonical(const Adapter& value) {
  JsonWriter json;
  WriteCanonical(value, json);
  return json.TakeString();
}

// "`/items/0`: " of valijson's context; empty: the value itself. A name that is none of the
// schema's is the answer's content, and that is not told: `*`.
std::string PathOf(const Context& context, const MemberNames& names) {
  std::string path;
  for (std::size_t i = 1; i < context.size(); ++i) {
    const std::string step = context[i].substr(1, context[i].size() - 2);
    const bool is_index = step.find_first_not_of("0123456789") == std::string::npos;
    path += "/" + (is_index || names.contains(step) ? step : "*");
  }
  return path.empty() ? path : "`" + path + "`: ";
}

}  // namespace

class JsonSchema::Judge {
 public:
  Judge(SchemaParts parts, MemberNames names)
      : rules_(std::move(parts.rules)), names_(std::move(names)) {
    for (const rapidjson::Value& part : parts.parts) {
      valijson::SchemaParser parser;
      parser.addConstraintBuilder(kRulesKeyword, new RulesBuilder(*this));  // takes it over
      parser.populateSchema(RapidJsonAdapter(part), schemas_.emplace_back());
      depths_.push_back(DepthOf(part));
    }
  }
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  SchemaVerdict Check(const rapidjson::Document& value) {
    const std::lock_guard lock(mutex_);
    SchemaVerdict verdict;
    verdict.is_json = true;
    if (const std::optional<bool> fits = Run(value, kMostSteps, nullptr)) {
      verdict.fits = *fits;
    } else {
      verdict.fits = true;
      verdict.unchecked.push_back("a value that takes too long to check");
    }
    if (!verdict.fits) {
      ValidationResults results;
      Run(value, kMostStepsToTell, &results);
      verdict.violations = Violations(results);
    }
    return verdict;
  }

 private:
  // A schema's SchemaRules, in the form in which valijson asks about them.
  class RulesConstraint final : public valijson::constraints::PolyConstraint {
   public:
    RulesConstraint(Judge& judge, const SchemaRules& rules) : judge_(judge), rules_(rules) {}

    bool validate(const Adapter& value, const Context& context,
                  ValidationResults* results) const override {
      return judge_.Keeps(rules_, value, context, results);
    }

   private:
    valijson::constraints::Constraint* cloneInto(void* memory) const override {
      return new (memory) RulesConstraint(judge_, rules_);
    }
    std::size_t sizeOf() const override { return sizeof(RulesConstraint); }

    Judge& judge_;
    const SchemaRules& rules_;
  };

  class RulesBuilder final : public valijson::ConstraintBuilder {
   public:
    explicit RulesBuilder(Judge& judge) : judge_(judge) {}
    valijson::constraints::Constraint* make(const Adapter& place) const override {
      return new RulesConstraint(judge_,
                                 judge_.rules_[static_cast<std::size_t>(place.asInteger())]);
    }

   private:
    Judge& judge_;
  };

  // nullopt: it is too much.
  std::optional<bool> Run(const rapidjson::Document& value, int steps, ValidationResults* results) {
    steps_left_ = steps;
    ref_depth_ = 0;
    try {
      return Fits(0, RapidJsonAdapter(value), Context(1, "<root>"), results);
    } catch (const TooMuch&) {
      return std::nullopt;
    }
  }

  template <typename AnyAdapter>
  bool Fits(SchemaPart part, const AnyAdapter& value, const Context& context,
            ValidationResults* results) {
    ref_depth_ += depths_[part];
    if (ref_depth_ > kMaxRefDepth) throw TooMuch();
    valijson::ValidationVisitor<AnyAdapter> visitor(value, context, true, results, no_regexes_);
    const bool fits = visitor.validateSchema(schemas_[part]);
    ref_depth_ -= depths_[part];
    return fits;
  }

  bool FitsAny(SchemaPart part, const Adapter& value, const Context& context,
               ValidationResults* results) {
    if (const auto* name = dynamic_cast<const StdStringAdapter*>(&value)) {
      return Fits(part, *name, context, results);
    }
    return Fits(part, dynamic_cast<const RapidJsonAdapter&>(value), context, results);
  }

  bool Keeps(const SchemaRules& rules, const Adapter& value, const Context& context,
             ValidationResults* results) {
    Spend(1);
    const Seen seen = See(value);
    SpendFor(rules, seen, value);
    std::optional<JsonNumber> number;
    if (seen.kind == JsonKind::kNumber) number = ReadJsonNumber(seen.text);
    std::string unkept = UnkeptByKind(rules, seen.kind, number && number->is_integer());
    if (unkept.empty() && number) unkept = UnkeptByNumber(rules, *number);
    if (unkept.empty() && seen.kind == JsonKind::kString) unkept = UnkeptByText(rules, seen.text);
    if (unkept.empty() && rules.unique_items && seen.kind == JsonKind::kArray &&
        !AreUnique(value)) {
      unkept = "items that differ from each other";
    }
    if (unkept.empty() && rules.values && !rules.values->contains(SpentCanonical(value))) {
      unkept = rules.values->size() == 1 ? "the only value that is allowed"
                                         : "one of the values that are allowed";
    }
    if (!unkept.empty()) {
      if (results != nullptr) results->pushError(context, "wants " + unkept);
      return false;
    }
    if (rules.ref && !FitsAny(*rules.ref, value, context, results)) return false;
    if (seen.kind != JsonKind::kObject) return true;
    const bool members_fit =
        !rules.members || KeepsMembers(*rules.members, value, context, results);
    if (!members_fit && results == nullptr) return false;
    return HasAll(rules.required, value, context, results) && members_fit;
  }

  void Spend(std::size_t steps) {
    steps_left_ -= static_cast<std::int64_t>(steps);
    if (steps_left_ < 0) throw TooMuch();
  }

  // What the schema is going to take on top of its one step, before it takes it.
  void SpendFor(const SchemaRules& rules, const Seen& seen, const Adapter& value) {
    if (seen.kind == JsonKind::kArray) return Spend(rules.items ? value.getArraySize() / 10 : 0);
    if (seen.kind != JsonKind::kObject) {
      return Spend(seen.text.size() / (rules.pattern != nullptr ? 50 : 500));
    }
    const std::size_t members = value.getObjectSize();
    if (!rules.required.empty()) Spend(members / 10);
    if (rules.members) Spend(members * (rules.members->patterns.size() + 5) / 20);
    // valijson looks through the members for each name.
    Spend(members * rules.dependencies / 30);
  }

  std::string SpentCanonical(const Adapter& value) {
    std::string text = Canonical(value);
    Spend(1 + text.size() / 20);
    return text;
  }

  bool AreUnique(const Adapter& array) {
    std::unordered_set<std::string> seen;
    return array.applyToArray(
        [&](const Adapter& item) { return seen.insert(SpentCanonical(item)).second; });
  }

  static bool HasAll(const std::vector<std::string>& required, const Adapter& object,
                     const Context& context, ValidationResults* results) {
    if (required.empty()) return true;
    std::vector<bool> has(required.size());
    object.applyToObject([&](const std::string& name, const Adapter&) {
      const auto found = std::lower_bound(required.begin(), required.end(), name);
      if (found != required.end() && *found == name) {
        has[static_cast<std::size_t>(found - required.begin())] = true;
      }
      return true;
    });
    for (std::size_t i = 0; i < has.size() && results != nullptr; ++i) {
      if (!has[i]) results->pushError(context, "missing required property '" + required[i] + "'");
    }
    return std::find(has.begin(), has.end(), false) == has.end();
  }

  bool KeepsMembers(const MemberRules& rules, const Adapter& object, const Context& context,
                    ValidationResults* results) {
    bool all_fit = true;
    object.applyToObject([&](const std::string& name, const Adapter& value) {
      Context inner = context;
      inner.push_back("[" + name + "]");
      bool is_known = false;
      const auto apply = [&](SchemaPart part) {
        is_known = true;
        all_fit = FitsAny(part, value, inner, results) && all_fit;
      };
      const auto named = rules.named.find(name);
      if (named != rules.named.end()) apply(named->second);
      for (const auto& [pattern, part] : rules.patterns) {
        if (RE2::PartialMatch(re2::StringPiece(name.data(), name.size()), *pattern)) apply(part);
      }
      if (!is_known && rules.others) {
        apply(*rules.others);
        if (!all_fit && results != nullptr) results->pushError(inner, "is not allowed here");
      }
      return all_fit || results != nullptr;
    });
    return all_fit;
  }

  std::vector<std::string> Violations(const ValidationResults& results) const {
    constexpr std::size_t kMost = 5;
    constexpr std::size_t kLongest = 300;
    std::vector<std::string> all;
    // What failed further inside is told before; this only says so again.
    const auto is_echo = [](const ValidationResults::Error& error) {
      return error.description.starts_with("Failed to validate");
    };
    const bool only_echoes = std::all_of(results.begin(), results.end(), is_echo);
    for (const ValidationResults::Error& error : results) {
      if (all.size() == kMost) break;
      if (!only_echoes && is_echo(error)) continue;
      std::string what = error.description;
      what.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(what.front())));
      if (what.ends_with('.')) what.pop_back();
      what = what.substr(0, what.find(": '"));  // the name of what is not allowed is content, too
      what.insert(0, PathOf(error.context, names_));
      if (what.size() > kLongest) what.resize(kLongest);
      all.push_back(ToValidUtf8(std::move(what)));
    }
    // Of a schema that is `false`, and of `propertyNames`, valijson says nothing.
    if (all.empty()) all.push_back("the value does not fit");
    return all;
  }

  std::deque<SchemaRules> rules_;
  std::deque<valijson::Schema> schemas_;  // by SchemaPart
  std::vector<int> depths_;
  const MemberNames names_;
  std::mutex mutex_;  // of what follows
  std::int64_t steps_left_ = 0;
  int ref_depth_ = 0;
  std::unordered_map<std::string, std::regex> no_regexes_;
};

JsonSchema::JsonSchema(std::unique_ptr<Judge> judge, std::vector<std::string> unchecked)
    : judge_(std::move(judge)), unchecked_(std::move(unchecked)) {}

JsonSchema::~JsonSchema() = default;

StatusOr<std::shared_ptr<const JsonSchema>> JsonSchema::Parse(std::string_view schema_json) {
  const auto unjudged = [](std::string why) {
    return std::shared_ptr<const JsonSchema>(new JsonSchema(nullptr, {std::move(why)}));
  };
  if (schema_json.size() > kMaxSchemaSize) return unjudged("a schema of more than 1 MiB");
  const std::optional<rapidjson::Document> tree = ParseExactJson(schema_json);
  if (!tree || !(tree->IsObject() || tree->IsBool())) {
    return InvalidField("", "A JSON schema must be a JSON object, or true or false.");
  }
  SchemaParts parts = TakeApart(*tree);
  std::vector<std::string> unchecked = std::move(parts.unchecked);
  try {
    auto judge = std::make_unique<Judge>(std::move(parts), MemberNamesIn(*tree));
    return std::shared_ptr<const JsonSchema>(
        new JsonSchema(std::move(judge), std::move(unchecked)));
  } catch (const std::exception& error) {
    return unjudged(std::string("the schema: ") + error.what());
  }
}

SchemaVerdict JsonSchema::Check(std::string_view json) const {
  SchemaVerdict verdict;
  if (const std::optional<rapidjson::Document> value = ParseExactJson(json)) {
    if (judge_ != nullptr) {
      verdict = judge_->Check(*value);
    } else {
      verdict.is_json = verdict.fits = true;
    }
  }
  verdict.unchecked.insert(verdict.unchecked.begin(), unchecked_.begin(), unchecked_.end());
  return verdict;
}

}  // namespace mom
