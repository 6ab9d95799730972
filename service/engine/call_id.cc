#include "service/engine/call_id.h"

#include <cstddef>
#include <cstdint>

#include "service/base/request_id.h"

namespace mom {
namespace {

constexpr std::string_view kPrefix = "call_";
constexpr std::size_t kTagDigits = 8;
constexpr std::size_t kRandomDigits = 24;

// FNV-1a: the same on every machine and in every version, for ids outlive a program.
std::string TagOf(std::string_view model) {
  std::uint32_t hash = 2166136261;
  for (const char c : model) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
  std::string tag;
  for (std::size_t i = kTagDigits; i-- > 0;) tag += "0123456789abcdef"[hash >> (4 * i) & 15];
  return tag;
}

}  // namespace

std::string NewCallId(std::string_view model) {
  return std::string(kPrefix) + TagOf(model) + RandomHex().substr(0, kRandomDigits);
}

bool IsCallId(std::string_view id) {
  return id.size() == kPrefix.size() + kTagDigits + kRandomDigits && id.starts_with(kPrefix);
}

bool IsCallIdOf(std::string_view id, std::string_view model) {
  return IsCallId(id) && id.substr(kPrefix.size(), kTagDigits) == TagOf(model);
}

}  // namespace mom
