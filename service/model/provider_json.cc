#include "service/model/provider_json.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>

#include "service/base/utf8.h"

namespace mom {
namespace {

// What RepairJsonText does, and NUL, which JSON allows nowhere, is no UTF-8 either.
std::string Repaired(std::string_view text) {
  std::string out(text);
  std::replace(out.begin(), out.end(), '\0', '\xFF');
  return RepairJsonText(std::move(out));
}

// Half a surrogate pair may hide in an escape: the parser lets some of them pass.
bool MayHaveSurrogates(std::string_view text) {
  return text.find("\\ud") != std::string_view::npos || text.find("\\uD") != std::string_view::npos;
}

}  // namespace

ProviderJson::ProviderJson(int max_depth) {
  constexpr std::size_t kCapacity = 1024;
  if (parser_.allocate(kCapacity, static_cast<std::size_t>(max_depth)) != simdjson::SUCCESS)
    throw std::bad_alloc();
}

std::optional<ProviderJson::Object> ProviderJson::Parse(std::string_view text) {
  constexpr std::string_view kBom = "\xEF\xBB\xBF";
  if (text.starts_with(kBom)) text.remove_prefix(kBom.size());
  Object object;
  if (!MayHaveSurrogates(text) &&
      parser_.parse(text.data(), text.size()).get(object) == simdjson::SUCCESS) {
    return object;
  }
  const std::string repaired = Repaired(text);
  if (parser_.parse(repaired).get(object) != simdjson::SUCCESS) return std::nullopt;
  return object;
}

std::optional<ProviderJson::Element> Find(ProviderJson::Object object, std::string_view key) {
  ProviderJson::Element value;
  if (object.at_key(key).get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  return value;
}

std::optional<ProviderJson::Object> FindObject(ProviderJson::Object object, std::string_view key) {
  ProviderJson::Object value;
  if (object.at_key(key).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

std::optional<simdjson::dom::array> FindArray(ProviderJson::Object object, std::string_view key) {
  simdjson::dom::array value;
  if (object.at_key(key).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

std::string FindString(ProviderJson::Object object, std::string_view key) {
  std::string_view value;
  if (object.at_key(key).get(value) != simdjson::SUCCESS) return {};
  return std::string(value);
}

std::optional<std::int64_t> FindInt(ProviderJson::Object object, std::string_view key) {
  double value = 0;
  if (object.at_key(key).get(value) != simdjson::SUCCESS) return std::nullopt;
  // Beyond this a double is not exact, and no count that we know.
  constexpr double kMost = 9007199254740992.0;
  if (!(std::abs(value) < kMost)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

}  // namespace mom
