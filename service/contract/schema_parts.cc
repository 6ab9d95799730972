#include "service/contract/schema_parts.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <utility>

#include "service/base/utf8.h"
#include "service/contract/ecma_pattern.h"
#include "service/contract/schema_ids.h"

namespace mom {
namespace {

// More is hostile; what is beyond them is left out.
constexpr std::size_t kMostSchemas = 10'000;
constexpr std::size_t kMostRefs = 2'000;        // places that they lead to
constexpr std::size_t kMostUnchecked = 20;      // that are told by name
constexpr std::size_t kLongestUnchecked = 200;  // of such a name
// Of all patterns: the instructions that RE2 makes of them, and what one counts that it refuses.
constexpr int kMostPatternSteps = 50'000;
constexpr int kRefusedPatternSteps = 1'000;

// They say nothing about what fits.
constexpr std::array<std::string_view, 13> kSilent = {
    "$schema", "$id",      "id",       "$comment",  "title",      "description", "default",
    "example", "examples", "readOnly", "writeOnly", "deprecated", "$defs"};
bool IsSilent(std::string_view name) {
  return name == "definitions" || name.starts_with("x-") ||
         std::find(kSilent.begin(), kSilent.end(), name) != kSilent.end();
}

// Keywords of other drafts, and the one whose meaning they change.
constexpr std::array<std::pair<const char*, std::string_view>, 5> kChanging = {
    {{"prefixItems", "items"},
     {"prefixItems", "additionalItems"},
     {"minContains", "contains"},
     {"maxContains", "contains"},
     {"nullable", "type"}}};

class Splitter {
 public:
  explicit Splitter(const rapidjson::Document& schema) : schema_(schema), ids_(schema) {
    out_.memory = std::make_unique<Memory>();
  }

  // With `doubts_refs` a `$ref` counts for something unchecked where leaving out turns round what
  // fits.
  SchemaParts Split(bool doubts_refs) {
    doubts_refs_ = doubts_refs;
    PartOf({&schema_, ""});
    for (SchemaPart part = 0; part < places_.size(); ++part) {
      const SchemaPlace place = places_[part];
      if (place.value == nullptr) continue;  // of a NewPart()
      Value rewritten = Rewritten(*place.value, place.base);
      out_.parts[part] = std::move(rewritten);
    }
    return std::move(out_);
  }
  // Whether another round, with doubts, would leave out more.
  bool has_doubtful_refs() const { return left_out_ > 0 && refs_ > 0; }

 private:
  using Value = rapidjson::Value;
  using Memory = rapidjson::MemoryPoolAllocator<>;

  // A schema on its way through the keywords.
  struct Node {
    Node(const Value& schema, std::string base_in, Memory& parts_memory)
        : source(schema), base(std::move(base_in)), memory(parts_memory) {}

    const Value& source;
    const std::string base;
    Memory& memory;
    Value out = Value(rapidjson::kObjectType);
    Value all_of = Value(rapidjson::kArrayType);
    SchemaRules rules;
    bool knows_others = true;  // which members `additionalProperties` is about

    void Add(std::string_view name, Value value) { AddTo(out, name, std::move(value)); }
    void AddTo(Value& object, std::string_view name, Value value) {
      Value key(name.data(), static_cast<rapidjson::SizeType>(name.size()), memory);
      object.AddMember(key, value, memory);
    }
  };

  SchemaPart PartOf(SchemaPlace place) {
    const auto [found, is_new] = part_of_.try_emplace(place.value, places_.size());
    if (is_new) {
      places_.push_back(std::move(place));
      out_.parts.emplace_back();
    }
    return found->second;
  }
  // Of a schema within the node's, which is rewritten at once, so that one can tell what is left
  // out of the node.
  SchemaPart NewPart(const Value& schema, const Node& node) {
    const SchemaPart part = places_.size();
    places_.emplace_back();
    out_.parts.emplace_back();
    Value rewritten = Rewritten(schema, node.base);
    out_.parts[part] = std::move(rewritten);
    return part;
  }

  void LeaveOut(std::string_view what) {
    ++left_out_;
    std::vector<std::string>& all = out_.unchecked;
    if (all.size() > kMostUnchecked) return;
    std::string name(what.substr(0, kLongestUnchecked));
    name =
        all.size() < kMostUnchecked ? "`" + ToValidUtf8(std::move(name)) + "`" : "other keywords";
    if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(std::move(name));
  }

  Value Rewritten(const Value& schema, const std::string& base) {
    if (schema.IsBool()) return Value(schema.GetBool());
    if (!schema.IsObject() || ++schemas_ > kMostSchemas) {
      LeaveOut(schema.IsObject() ? "more than 10000 schemas" : "a schema that is none");
      return Value(true);
    }
    Node node(schema, SchemaIds::BaseIn(schema, base), *out_.memory);
    const auto ref = schema.FindMember("$ref");
    if (ref != schema.MemberEnd()) {
      TakeRef(ref->value, node);
    } else {
      for (const auto& member : schema.GetObject()) {
        const std::string_view name = ViewOf(member.name);
        if (!IsSilent(name) && !IsChanged(name, schema) && !Take(name, member.value, node)) {
          LeaveOut(name);
        }
      }
    }
    if (!node.knows_others && node.rules.members) node.rules.members->others.reset();
    // The rules come first, as they bound what the rest takes: valijson begins with `allOf`.
    Value rules(rapidjson::kObjectType);
    node.AddTo(rules, kRulesKeyword, Value(static_cast<std::uint64_t>(out_.rules.size())));
    Value all_of(rapidjson::kArrayType);
    all_of.PushBack(rules, node.memory);
    for (Value& one : node.all_of.GetArray()) all_of.PushBack(one, node.memory);
    node.Add("allOf", std::move(all_of));
    out_.rules.push_back(std::move(node.rules));
    return std::move(node.out);
  }

  void TakeRef(const Value& ref, Node& node) {
    ++refs_;
    // Drafts up to 7 ignore what stands beside it, later ones don't.
    for (const auto& member : node.source.GetObject()) {
      const std::string_view name = ViewOf(member.name);
      if (name != "$ref" && !IsSilent(name)) LeaveOut(name);
    }
    if (ref_places_ >= kMostRefs) return LeaveOut("more than 2000 references");
    const bool is_text = KindOf(ref) == JsonKind::kString;
    const std::string_view text = is_text ? Decoded(ViewOf(ref)) : "";
    if (const auto place = is_text ? ids_.Find(text, node.base) : std::nullopt) {
      const std::size_t before = places_.size();
      node.rules.ref = PartOf(*place);
      ref_places_ += places_.size() - before;
    } else {
      LeaveOut("$ref " + std::string(text));
    }
  }

  static bool IsChanged(std::string_view name, const Value& schema) {
    return std::any_of(kChanging.begin(), kChanging.end(), [&](const auto& one) {
      return one.second == name && schema.HasMember(one.first);
    });
  }

  // Whether the keyword was taken over.
  bool Take(std::string_view name, const Value& value, Node& node) {
    if (name == "pattern" && pattern_steps_ > kMostPatternSteps) return false;
    if (const std::optional<bool> read = ReadRule(node.source, name, value, node.rules)) {
      if (name == "pattern") CountPattern(node.rules.pattern.get());
      return *read;
    }
    if (name == "minItems" || name == "maxItems" || name == "minProperties" ||
        name == "maxProperties") {
      const std::optional<std::uint64_t> count = ReadCount(value);
      if (count) node.Add(name, Value(*count));
      return count.has_value();
    }
    if (name == "properties") return TakeNamed(value, node);
    if (name == "patternProperties") return TakePatterns(value, node);
    if (name == "additionalProperties") {
      const SchemaPart part = NewPart(value, node);
      MembersOf(node).others = part;
      return true;
    }
    if (name == "dependencies") return TakeDependencies(value, node);
    node.rules.items = node.rules.items || name == "items" || name == "contains";
    if (name == "items" && value.IsArray()) {
      node.Add(name, List(value, node));
      return true;
    }
    if (name == "additionalItems") {
      const auto items = node.source.FindMember("items");
      const bool counts = items != node.source.MemberEnd() && items->value.IsArray();
      return !counts || TakeSchema(name, value, node);
    }
    if (name == "items" || name == "contains" || name == "propertyNames") {
      return TakeSchema(name, value, node);
    }
    if (name == "allOf" || name == "anyOf" || name == "oneOf") return TakeChoice(name, value, node);
    if (name == "not") return TakeNot(value, node);
    if (name == "if") return TakeIf(value, node);
    return name == "then" || name == "else";  // read with `if`
  }

  bool TakeSchema(std::string_view name, const Value& value, Node& node) {
    node.Add(name, Rewritten(value, node.base));
    return true;
  }
  // Schemas by name, or lists of names.
  bool TakeDependencies(const Value& value, Node& node) {
    if (!value.IsObject()) return false;
    Value map(rapidjson::kObjectType);
    for (const auto& member : value.GetObject()) {
      if (!IsName(member.name)) return false;
      const bool is_list = AreNames(member.value);
      node.rules.dependencies += is_list ? member.value.Size() + 1 : 1;
      node.AddTo(map, ViewOf(member.name),
                 is_list ? Value(member.value, node.memory) : Rewritten(member.value, node.base));
    }
    node.Add("dependencies", std::move(map));
    return true;
  }
  Value List(const Value& schemas, Node& node) {
    Value list(rapidjson::kArrayType);
    for (const Value& schema : schemas.GetArray()) {
      Value rewritten = Rewritten(schema, node.base);
      list.PushBack(rewritten, node.memory);
    }
    return list;
  }

  static MemberRules& MembersOf(Node& node) {
    return node.rules.members ? *node.rules.members : node.rules.members.emplace();
  }
  // Whether there may be a part for each of the schemas.
  bool HasRoomFor(const Value& schemas, Node& node) {
    if (places_.size() + schemas.MemberCount() <= kMostSchemas) return true;
    LeaveOut("more than 10000 schemas");
    node.knows_others = false;
    return false;
  }

  bool TakeNamed(const Value& schemas, Node& node) {
    node.knows_others = node.knows_others && schemas.IsObject();
    if (!schemas.IsObject()) return false;
    if (!HasRoomFor(schemas, node)) return true;
    for (const auto& member : schemas.GetObject()) {
      if (!IsName(member.name)) return node.knows_others = false;
      const SchemaPart part = NewPart(member.value, node);
      MembersOf(node).named.emplace(ViewOf(member.name), part);
    }
    return true;
  }

  bool TakePatterns(const Value& patterns, Node& node) {
    node.knows_others = node.knows_others && patterns.IsObject();
    if (!patterns.IsObject()) return false;
    if (!HasRoomFor(patterns, node)) return true;
    bool all_read = true;
    for (const auto& member : patterns.GetObject()) {
      std::unique_ptr<const RE2> pattern;
      if (pattern_steps_ <= kMostPatternSteps) {
        pattern = CompileEcmaPattern(ViewOf(member.name));
        CountPattern(pattern.get());
      }
      if (pattern == nullptr) {
        all_read = node.knows_others = false;
      } else {
        const SchemaPart part = NewPart(member.value, node);
        MembersOf(node).patterns.emplace_back(std::move(pattern), part);
      }
    }
    return all_read;
  }

  void CountPattern(const RE2* pattern) {
    pattern_steps_ += pattern == nullptr ? kRefusedPatternSteps : pattern->ProgramSize();
  }

  // `read`() reads schemas of which a weaker one lets fewer values fit; whether nothing of them was
  // left out.
  template <typename Read>
  bool IsWholeIn(Read read) {
    const std::size_t left_out = left_out_;
    const std::size_t refs = refs_;
    read();
    return left_out == left_out_ && (!doubts_refs_ || refs == refs_);
  }

  bool TakeChoice(std::string_view name, const Value& value, Node& node) {
    if (!value.IsArray() || value.Empty()) return false;
    Value list;
    const bool whole = IsWholeIn([&] { list = List(value, node); });
    if (name == "allOf") {
      for (Value& schema : list.GetArray()) node.all_of.PushBack(schema, node.memory);
      return true;
    }
    if (name == "anyOf" || whole) {
      node.Add(name, std::move(list));
      return true;
    }
    // That no more than one fits is what cannot be told.
    Value any(rapidjson::kObjectType);
    node.AddTo(any, "anyOf", std::move(list));
    node.all_of.PushBack(any, node.memory);
    return false;
  }

  bool TakeNot(const Value& value, Node& node) {
    Value schema;
    const bool whole = IsWholeIn([&] { schema = Rewritten(value, node.base); });
    if (whole) node.Add("not", std::move(schema));
    return whole;
  }

  bool TakeIf(const Value& value, Node& node) {
    Value schema;
    const bool whole = IsWholeIn([&] { schema = Rewritten(value, node.base); });
    if (!whole) return false;
    node.Add("if", std::move(schema));
    for (const char* name : {"then", "else"}) {
      const auto found = node.source.FindMember(name);
      if (found != node.source.MemberEnd()) TakeSchema(name, found->value, node);
    }
    return true;
  }

  const rapidjson::Document& schema_;
  const SchemaIds ids_;
  bool doubts_refs_ = false;
  SchemaParts out_;
  std::vector<SchemaPlace> places_;  // of the parts
  std::unordered_map<const Value*, SchemaPart> part_of_;
  std::size_t schemas_ = 0;
  std::size_t refs_ = 0;
  std::size_t ref_places_ = 0;
  int pattern_steps_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace

SchemaParts TakeApart(const rapidjson::Document& schema) {
  Splitter splitter(schema);
  SchemaParts parts = splitter.Split(false);
  if (!splitter.has_doubtful_refs()) return parts;
  return Splitter(schema).Split(true);
}

}  // namespace mom
