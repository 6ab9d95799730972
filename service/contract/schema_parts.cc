#include "service/contract/schema_parts.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <utility>

#include "service/contract/ecma_pattern.h"
#include "service/contract/schema_ids.h"

namespace mom {
namespace {

// More is hostile; what is beyond them is left out.
constexpr std::size_t kMostSchemas = 20'000;

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

// What valijson takes for a name: it ends at a zero byte.
bool AreNames(const rapidjson::Value& value) {
  const auto is_name = [](const rapidjson::Value& item) {
    return KindOf(item) == JsonKind::kString && ViewOf(item).find('\0') == std::string_view::npos;
  };
  return value.IsArray() && std::all_of(value.Begin(), value.End(), is_name);
}

class Splitter {
 public:
  explicit Splitter(const rapidjson::Document& schema) : schema_(schema), ids_(schema) {}

  // With `doubts_refs` a `$ref` counts for something unchecked where leaving out turns round what
  // fits.
  SchemaParts Split(bool doubts_refs) {
    doubts_refs_ = doubts_refs;
    PartOf({&schema_, ""});
    for (SchemaPart part = 0; part < places_.size(); ++part) {
      const SchemaPlace place = places_[part];
      rapidjson::Document& tree = out_.parts[part];
      Value rewritten = Rewritten(*place.value, place.base, tree.GetAllocator());
      static_cast<Value&>(tree) = rewritten;
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
    Node(const Value& schema, std::string base_in, Memory& tree_memory)
        : source(schema), base(std::move(base_in)), memory(tree_memory) {}

    const Value& source;
    const std::string base;
    Memory& memory;
    Value out = Value(rapidjson::kObjectType);
    Value all_of = Value(rapidjson::kArrayType);
    SchemaRules rules;

    bool Has(const char* keyword) const { return source.HasMember(keyword); }
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
  SchemaPart PartIn(const Node& node, const Value& schema) { return PartOf({&schema, node.base}); }

  void LeaveOut(std::string_view what) {
    ++left_out_;
    const std::string name = "`" + std::string(what) + "`";
    std::vector<std::string>& all = out_.unchecked;
    if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
  }

  Value Rewritten(const Value& schema, const std::string& base, Memory& memory) {
    if (schema.IsBool()) return Value(schema.GetBool());
    if (!schema.IsObject() || ++schemas_ > kMostSchemas) {
      LeaveOut(schema.IsObject() ? "more than 20000 schemas" : "a schema that is none");
      return Value(true);
    }
    Node node(schema, SchemaIds::BaseIn(schema, base), memory);
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
    if (!node.all_of.Empty()) node.Add("allOf", std::move(node.all_of));
    node.Add(kRulesKeyword, Value(static_cast<std::uint64_t>(out_.rules.size())));
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
    const bool is_text = KindOf(ref) == JsonKind::kString;
    const std::string_view text = is_text ? Decoded(ViewOf(ref)) : "";
    if (const auto place = is_text ? ids_.Find(text, node.base) : std::nullopt) {
      node.rules.ref = PartOf(*place);
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
    if (const std::optional<bool> read = ReadRule(node.source, name, value, node.rules)) {
      return *read;
    }
    if (name == "minItems" || name == "maxItems" || name == "minProperties" ||
        name == "maxProperties") {
      const std::optional<std::uint64_t> count = ReadCount(value);
      if (count) node.Add(name, Value(*count));
      return count.has_value();
    }
    if (name == "const" || (name == "enum" && value.IsArray())) return TakeAsIs(name, value, node);
    if (name == "required") return AreNames(value) && TakeAsIs(name, value, node);
    if (name == "properties" || name == "additionalProperties") {
      if (node.Has("patternProperties")) return true;  // they are read with that
      return name == "properties" ? TakeMap(name, value, node) : TakeSchema(name, value, node);
    }
    if (name == "patternProperties") return TakeMembers(value, node);
    if (name == "dependencies") return TakeMap(name, value, node);
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

  bool TakeAsIs(std::string_view name, const Value& value, Node& node) {
    node.Add(name, Value(value, node.memory));
    return true;
  }
  bool TakeSchema(std::string_view name, const Value& value, Node& node) {
    node.Add(name, Rewritten(value, node.base, node.memory));
    return true;
  }
  // Schemas by name; `dependencies` also has lists of names.
  bool TakeMap(std::string_view name, const Value& value, Node& node) {
    if (!value.IsObject()) return false;
    Value map(rapidjson::kObjectType);
    for (const auto& member : value.GetObject()) {
      const std::string_view key = ViewOf(member.name);
      if (key.find('\0') != std::string_view::npos) return false;
      const bool is_list = name == "dependencies" && AreNames(member.value);
      node.AddTo(map, key,
                 is_list ? Value(member.value, node.memory)
                         : Rewritten(member.value, node.base, node.memory));
    }
    node.Add(name, std::move(map));
    return true;
  }
  Value List(const Value& schemas, Node& node) {
    Value list(rapidjson::kArrayType);
    for (const Value& schema : schemas.GetArray()) {
      Value rewritten = Rewritten(schema, node.base, node.memory);
      list.PushBack(rewritten, node.memory);
    }
    return list;
  }

  bool TakeMembers(const Value& patterns, Node& node) {
    if (!patterns.IsObject()) return false;
    MemberRules& members = node.rules.members.emplace();
    bool all_read = true;
    for (const auto& member : patterns.GetObject()) {
      std::unique_ptr<const RE2> pattern = CompileEcmaPattern(ViewOf(member.name));
      if (pattern == nullptr) {
        all_read = false;
      } else {
        members.patterns.emplace_back(std::move(pattern), PartIn(node, member.value));
      }
    }
    const auto named = node.source.FindMember("properties");
    if (named != node.source.MemberEnd() && named->value.IsObject()) {
      for (const auto& member : named->value.GetObject()) {
        members.named.emplace(ViewOf(member.name), PartIn(node, member.value));
      }
    }
    // A pattern that was not read would say which the others are.
    const auto others = node.source.FindMember("additionalProperties");
    if (others != node.source.MemberEnd() && all_read) {
      members.others = PartIn(node, others->value);
    }
    return all_read;
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
    const bool whole = IsWholeIn([&] { schema = Rewritten(value, node.base, node.memory); });
    if (whole) node.Add("not", std::move(schema));
    return whole;
  }

  bool TakeIf(const Value& value, Node& node) {
    Value schema;
    const bool whole = IsWholeIn([&] { schema = Rewritten(value, node.base, node.memory); });
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
