#include "service/contract/schema_rules.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "service/contract/canonical_json.h"
#include "service/contract/ecma_pattern.h"

namespace mom {
namespace {

using Value = rapidjson::Value;

constexpr std::array<std::string_view, 7> kTypes = {"null",   "boolean", "number", "integer",
                                                    "string", "array",   "object"};

bool ReadTypes(const Value& value, SchemaRules& rules) {
  const auto add = [&](const Value& type) {
    const bool known =
        type.IsString() && std::find(kTypes.begin(), kTypes.end(), ViewOf(type)) != kTypes.end();
    if (known) rules.types.emplace_back(ViewOf(type));
    return known;
  };
  const bool known =
      value.IsArray() ? !value.Empty() && std::all_of(value.Begin(), value.End(), add) : add(value);
  if (!known) rules.types.clear();
  return known;
}

bool ReadNumber(const Value& value, std::optional<JsonNumber>& number) {
  if (KindOf(value) != JsonKind::kNumber) return false;
  number = ReadJsonNumber(Decoded(ViewOf(value)));
  return true;
}

// A bound that draft 4 can make exclusive by `exclusive`: true.
bool ReadBound(const Value& schema, const char* exclusive, const Value& value,
               std::optional<JsonNumber>& within, std::optional<JsonNumber>& beyond) {
  const auto found = schema.FindMember(exclusive);
  const bool excludes = found != schema.MemberEnd() && found->value.IsTrue();
  return ReadNumber(value, excludes ? beyond : within);
}

bool ReadDivisor(const Value& value, SchemaRules& rules) {
  if (!ReadNumber(value, rules.multiple_of)) return false;
  const JsonNumber& divisor = *rules.multiple_of;
  const bool usable =
      !divisor.negative && !divisor.digits.empty() && divisor.digits.size() <= kMaxDivisorDigits;
  if (!usable) rules.multiple_of.reset();
  return usable;
}

bool ReadPattern(const Value& value, SchemaRules& rules) {
  if (KindOf(value) != JsonKind::kString) return false;
  rules.pattern = CompileEcmaPattern(Decoded(ViewOf(value)));
  return rules.pattern != nullptr;
}

// Both `enum` and `const` hold where both are there.
void KeepValues(std::unordered_set<std::string> values, SchemaRules& rules) {
  if (rules.values)
    std::erase_if(values, [&](const auto& one) { return !rules.values->contains(one); });
  rules.values = std::move(values);
}

bool ReadEnum(const Value& value, SchemaRules& rules) {
  if (!value.IsArray()) return false;
  std::unordered_set<std::string> values;
  for (const Value& one : value.GetArray()) values.insert(CanonicalJson(one));
  KeepValues(std::move(values), rules);
  return true;
}

bool ReadConst(const Value& value, SchemaRules& rules) {
  KeepValues({CanonicalJson(value)}, rules);
  return true;
}

bool ReadRequired(const Value& value, SchemaRules& rules) {
  if (!AreNames(value)) return false;
  for (const Value& name : value.GetArray()) rules.required.emplace_back(Decoded(ViewOf(name)));
  std::sort(rules.required.begin(), rules.required.end());
  const auto end = std::unique(rules.required.begin(), rules.required.end());
  rules.required.erase(end, rules.required.end());
  return true;
}

std::string_view NameOf(JsonKind kind) {
  switch (kind) {
    case JsonKind::kNull:
      return "null";
    case JsonKind::kBool:
      return "boolean";
    case JsonKind::kNumber:
      return "number";
    case JsonKind::kString:
      return "string";
    case JsonKind::kArray:
      return "array";
    case JsonKind::kObject:
      return "object";
  }
  return "null";
}

}  // namespace

bool IsName(const Value& value) {
  return KindOf(value) == JsonKind::kString && ViewOf(value).find('\0') == std::string_view::npos;
}

bool AreNames(const Value& value) {
  return value.IsArray() && std::all_of(value.Begin(), value.End(), IsName);
}

std::optional<std::uint64_t> ReadCount(const Value& value) {
  std::uint64_t count = 0;
  if (KindOf(value) != JsonKind::kNumber) return std::nullopt;
  const std::string_view text = Decoded(ViewOf(value));
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, count);
  // valijson's counts are signed.
  if (read.ec != std::errc() || read.ptr != end || count >> 63 != 0) return std::nullopt;
  return count;
}

std::optional<bool> ReadRule(const Value& schema, std::string_view keyword, const Value& value,
                             SchemaRules& rules) {
  if (keyword == "type") return ReadTypes(value, rules);
  if (keyword == "minimum") {
    return ReadBound(schema, "exclusiveMinimum", value, rules.minimum, rules.above);
  }
  if (keyword == "maximum") {
    return ReadBound(schema, "exclusiveMaximum", value, rules.maximum, rules.below);
  }
  // Draft 4's are read with the bounds.
  if (keyword == "exclusiveMinimum") return value.IsBool() || ReadNumber(value, rules.above);
  if (keyword == "exclusiveMaximum") return value.IsBool() || ReadNumber(value, rules.below);
  if (keyword == "multipleOf") return ReadDivisor(value, rules);
  if (keyword == "pattern") return ReadPattern(value, rules);
  if (keyword == "minLength") return (rules.min_length = ReadCount(value)).has_value();
  if (keyword == "maxLength") return (rules.max_length = ReadCount(value)).has_value();
  if (keyword == "uniqueItems") {
    rules.unique_items = value.IsTrue();
    return value.IsBool();
  }
  if (keyword == "enum") return ReadEnum(value, rules);
  if (keyword == "const") return ReadConst(value, rules);
  if (keyword == "required") return ReadRequired(value, rules);
  return std::nullopt;
}

std::string UnkeptByKind(const SchemaRules& rules, JsonKind kind, bool is_integer) {
  const auto fits = [&](const std::string& type) {
    return type == NameOf(kind) || (type == "integer" && is_integer);
  };
  if (rules.types.empty() || std::any_of(rules.types.begin(), rules.types.end(), fits)) return "";
  std::string wanted = "a value of type ";
  for (const std::string& type : rules.types) {
    wanted += (&type == &rules.types.front() ? "" : " or ") + type;
  }
  return wanted;
}

std::string UnkeptByNumber(const SchemaRules& rules, const JsonNumber& number) {
  if (rules.minimum && Compare(number, *rules.minimum) < 0) {
    return "at least " + ToText(*rules.minimum);
  }
  if (rules.above && Compare(number, *rules.above) <= 0) return "more than " + ToText(*rules.above);
  if (rules.maximum && Compare(number, *rules.maximum) > 0) {
    return "at most " + ToText(*rules.maximum);
  }
  if (rules.below && Compare(number, *rules.below) >= 0) return "less than " + ToText(*rules.below);
  if (rules.multiple_of && !IsMultipleOf(number, *rules.multiple_of)) {
    return "a multiple of " + ToText(*rules.multiple_of);
  }
  return "";
}

std::string UnkeptByText(const SchemaRules& rules, std::string_view text) {
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
  const std::uint64_t length =
      text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
  if (rules.min_length && length < *rules.min_length) {
    return "at least " + std::to_string(*rules.min_length) + " characters";
  }
  if (rules.max_length && length > *rules.max_length) {
    return "at most " + std::to_string(*rules.max_length) + " characters";
  }
  if (rules.pattern &&
      !RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *rules.pattern)) {
    return "a text that matches its `pattern`";
  }
  return "";
}

}  // namespace mom
