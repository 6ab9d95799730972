#include "tests/testing/emulator/long_text.h"

#include <algorithm>
#include <utility>

namespace mom::testing {
namespace {

constexpr std::int64_t kBlock = 256 * 1024;

std::string Repeated(std::string_view text, std::int64_t times) {
  std::string all;
  all.reserve(text.size() * static_cast<std::size_t>(times));
  for (std::int64_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

LongText& LongText::Add(std::string_view text, std::int64_t times) {
  if (text.empty() || times <= 0) return *this;
  const auto size = static_cast<std::int64_t>(text.size());
  const std::int64_t per_block = std::clamp<std::int64_t>(kBlock / size, 1, times);
  Append(Repeated(text, per_block), times / per_block);
  Append(Repeated(text, times % per_block), 1);
  return *this;
}

std::int64_t LongText::size() const {
  std::int64_t size = 0;
  for (const Part& part : parts_) size += static_cast<std::int64_t>(part.bytes.size()) * part.times;
  return size;
}

std::string LongText::ToString() const {
  std::string all;
  for (const Part& part : parts_) all += Repeated(part.bytes, part.times);
  return all;
}

void LongText::Append(std::string bytes, std::int64_t times) {
  if (bytes.empty()) return;
  if (times == 1 && !parts_.empty() && parts_.back().times == 1) {
    parts_.back().bytes += bytes;
  } else {
    parts_.push_back({std::move(bytes), times});
  }
}

}  // namespace mom::testing
