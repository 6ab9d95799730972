#include "service/contract/json_answer.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/base/json_reader.h"
#include "service/contract/text_lines.h"

namespace mom {
namespace {

// How close an unusable answer comes to what is wanted, for who mends or picks it.
constexpr double kFitsInFence = 0.2;
constexpr double kMisfits = 0.15;
constexpr double kMisfitsInFence = 0.12;
constexpr double kNoJson = 0.1;

// What one code block has inside, where the answer is nothing but that.
std::optional<std::string_view> InFence(std::string_view answer) {
  answer = Strip(answer);
  const std::size_t line = answer.find('\n');
  if (!answer.starts_with(kFence) || line == std::string_view::npos) return std::nullopt;
  answer.remove_prefix(line + 1);
  if (!answer.ends_with(kFence)) return std::nullopt;
  answer.remove_suffix(kFence.size());
  return answer;
}

// The text of the schema; empty where the format has none.
std::string_view SchemaIn(const ResponseFormat& format) {
  if (format.kind == ResponseFormat::Kind::kJsonSchema) return format.schema_json;
  if (format.kind != ResponseFormat::Kind::kRaw) return {};
  const std::string_view inner = JsonMember(format.schema_json, {"json_schema", "schema"});
  return inner.empty() ? JsonMember(format.schema_json, {"schema"}) : inner;
}

}  // namespace

Verdict CheckJsonObject(std::string_view answer) {
  Verdict verdict;
  if (IsJsonObject(answer)) return verdict;
  const auto inside = InFence(answer);
  if (inside && IsJsonObject(*inside)) {
    verdict.Break(kFitsInFence, "the JSON object is in a fence");
  } else {
    verdict.Break(kNoJson, "it is not one JSON object");
  }
  return verdict;
}

Verdict CheckJsonSchema(const JsonSchema& schema, std::string_view answer) {
  Verdict verdict;
  const auto inside = InFence(answer);
  SchemaVerdict found = schema.Check(inside ? *inside : answer);
  verdict.unchecked = std::move(found.unchecked);
  const std::string in_fence = inside ? "the JSON is in a fence" : "";
  if (!found.is_json) {
    verdict.Break(kNoJson, "it is not one JSON value");
  } else if (!found.fits) {
    verdict.Break(inside ? kMisfitsInFence : kMisfits,
                  in_fence + (inside ? "; " : "") + found.violations.front());
  } else if (inside) {
    verdict.Break(kFitsInFence, in_fence);
  }
  return verdict;
}

std::shared_ptr<const JsonSchema> DemandedSchema(const ResponseFormat& format) {
  if (!DemandsJson(format)) return nullptr;
  const std::string_view text = SchemaIn(format);
  if (text.empty()) return nullptr;
  StatusOr<std::shared_ptr<const JsonSchema>> schema = JsonSchema::Parse(text);
  return schema.ok() ? *std::move(schema) : nullptr;
}

bool DemandsJson(const ResponseFormat& format) {
  if (format.kind == ResponseFormat::Kind::kRaw) {
    const std::string_view type = JsonMember(format.schema_json, {"type"});
    return type == "\"json_schema\"" || type == "\"json_object\"";
  }
  return format.kind == ResponseFormat::Kind::kJsonObject ||
         format.kind == ResponseFormat::Kind::kJsonSchema;
}

}  // namespace mom
