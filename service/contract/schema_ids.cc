#include "service/contract/schema_ids.h"

#include <algorithm>
#include <charconv>

#include "service/contract/exact_json.h"

namespace mom {
namespace {

// Longer addresses are none: they are copied for each schema that they are the base of.
constexpr std::size_t kLongestAddress = 2'000;

// The text of a schema's own address; empty where it has none.
std::string_view IdOf(const rapidjson::Value& schema) {
  // Beside a `$ref` nothing else counts.
  if (schema.HasMember("$ref")) return {};
  for (const char* name : {"$id", "id"}) {
    const auto found = schema.FindMember(name);
    if (found != schema.MemberEnd() && KindOf(found->value) == JsonKind::kString) {
      const std::string_view id = Decoded(ViewOf(found->value));
      return id.size() > kLongestAddress ? std::string_view() : id;
    }
  }
  return {};
}

std::size_t EndOfScheme(std::string_view address) {
  const std::size_t colon = address.find(':');
  const bool is_scheme = colon != std::string_view::npos && address.find_first_of("/?#") > colon;
  return is_scheme ? colon + 1 : 0;
}

// An address as it is meant at `base`. Dots in its path are not followed.
std::string Absolute(std::string_view address, std::string_view base) {
  if (EndOfScheme(address) > 0) return std::string(address);
  base = base.substr(0, base.find('#'));
  if (address.empty() || address.front() == '#') return std::string(base) + std::string(address);
  std::size_t host = EndOfScheme(base);
  if (base.substr(host).starts_with("//")) host = std::min(base.find('/', host + 2), base.size());
  if (address.front() == '/') return std::string(base.substr(0, host)) + std::string(address);
  const std::size_t slash = base.rfind('/');
  const bool in_path = slash != std::string_view::npos && slash >= host;
  return std::string(base.substr(0, in_path ? slash + 1 : host)) + std::string(address);
}

// One step of a JSON pointer, without its escapes: first those of an address, then its own.
std::string Unescaped(std::string_view step) {
  std::string out;
  for (std::size_t i = 0; i < step.size(); ++i) {
    unsigned char code = 0;
    const char* const digits = step.data() + i + 1;
    if (step[i] == '%' && i + 2 < step.size() &&
        std::from_chars(digits, digits + 2, code, 16).ptr == digits + 2) {
      out += static_cast<char>(code);
      i += 2;
    } else {
      out += step[i];
    }
  }
  for (std::size_t at = 0; (at = out.find('~', at)) != std::string::npos; ++at) {
    if (out.compare(at, 2, "~1") == 0) out.replace(at, 2, "/");
    if (out.compare(at, 2, "~0") == 0) out.replace(at, 2, "~");
  }
  return out;
}

// What `step` leads to; null where there is nothing.
const rapidjson::Value* Below(const rapidjson::Value& value, const std::string& step) {
  if (value.IsObject()) {
    for (const auto& member : value.GetObject()) {
      if (ViewOf(member.name) == step) return &member.value;
    }
  }
  rapidjson::SizeType index = 0;
  const char* const end = step.data() + step.size();
  if (value.IsArray() && std::from_chars(step.data(), end, index).ptr == end &&
      index < value.Size()) {
    return &value[index];
  }
  return nullptr;
}

}  // namespace

SchemaIds::SchemaIds(const rapidjson::Value& root) {
  places_[""] = {&root, ""};
  Index(root, "");
}

std::string SchemaIds::BaseIn(const rapidjson::Value& schema, const std::string& base) {
  if (!schema.IsObject()) return base;
  const std::string_view id = IdOf(schema);
  // One like "#name" only gives a name.
  if (id.empty() || id.front() == '#') return base;
  std::string address = Absolute(id, base);
  if (address.size() > kLongestAddress) return base;
  return address.substr(0, address.find('#'));
}

void SchemaIds::Index(const rapidjson::Value& value, const std::string& base) {
  if (value.IsArray()) {
    for (const rapidjson::Value& item : value.GetArray()) Index(item, base);
  }
  if (!value.IsObject()) return;
  const std::string inner = BaseIn(value, base);
  const std::string_view id = IdOf(value);
  if (!id.empty())
    places_.try_emplace(id.front() == '#' ? Absolute(id, base) : inner, &value, base);
  for (const auto& member : value.GetObject()) {
    const std::string_view name = ViewOf(member.name);
    const bool is_data = name == "enum" || name == "const" || name == "default" ||
                         name == "example" || name == "examples";
    if (!is_data) Index(member.value, inner);
  }
}

std::optional<SchemaPlace> SchemaIds::Find(std::string_view ref, const std::string& base) const {
  if (ref.size() > kLongestAddress) return std::nullopt;
  const std::string address = Absolute(ref, base);
  const std::size_t hash = address.find('#');
  std::string_view fragment =
      hash == std::string::npos ? "" : std::string_view(address).substr(hash + 1);
  const bool is_pointer = fragment.empty() || fragment.front() == '/';
  const auto found = places_.find(is_pointer ? address.substr(0, hash) : address);
  if (found == places_.end()) return std::nullopt;
  SchemaPlace place = found->second;
  while (is_pointer && !fragment.empty()) {
    const std::size_t end = std::min(fragment.find('/', 1), fragment.size());
    place.base = BaseIn(*place.value, place.base);
    place.value = Below(*place.value, Unescaped(fragment.substr(1, end - 1)));
    if (place.value == nullptr) return std::nullopt;
    fragment.remove_prefix(end);
  }
  return place;
}

}  // namespace mom
