#include "service/model/think_block.h"

#include <algorithm>
#include <utility>

namespace mom {
namespace {

constexpr std::string_view kOpens = "<think>";
constexpr std::string_view kCloses = "</think>";
constexpr std::string_view kSpace = " \t\r\n";

// How much of the end of `text` may be the beginning of `mark`.
std::size_t BeginningOf(std::string_view mark, std::string_view text) {
  std::size_t size = std::min(mark.size() - 1, text.size());
  while (!text.ends_with(mark.substr(0, size))) --size;
  return size;
}

}  // namespace

void ThinkBlock::Add(std::string_view piece, std::string& text, std::string& reasoning) {
  if (place_ == Place::kText) {
    text += piece;
    return;
  }
  waiting_ += piece;
  if (place_ == Place::kStart) {
    const std::size_t begin = std::min(waiting_.find_first_not_of(kSpace), waiting_.size());
    const std::string_view opening = std::string_view(waiting_).substr(begin, kOpens.size());
    if (opening == kOpens) {
      place_ = Place::kInside;
      waiting_.erase(0, begin + kOpens.size());
    } else if (kOpens.starts_with(opening)) {
      return;
    } else {
      place_ = Place::kText;
    }
  }
  if (place_ == Place::kInside) {
    const std::size_t end = waiting_.find(kCloses);
    const bool is_closed = end != std::string::npos;
    const std::size_t known = is_closed ? end : waiting_.size() - BeginningOf(kCloses, waiting_);
    reasoning.append(waiting_, 0, known);
    waiting_.erase(0, known + (is_closed ? kCloses.size() : 0));
    if (is_closed) place_ = Place::kBehind;
  }
  if (place_ == Place::kBehind) {
    waiting_.erase(0, std::min(waiting_.find_first_not_of(kSpace), waiting_.size()));
    if (!waiting_.empty()) place_ = Place::kText;
  }
  if (place_ == Place::kText) text += std::exchange(waiting_, {});
}

void ThinkBlock::End(std::string& text, std::string& reasoning) {
  (place_ == Place::kInside ? reasoning : text) += std::exchange(waiting_, {});
  place_ = Place::kText;
}

}  // namespace mom
