#include "service/contract/common_lines.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "service/contract/text_lines.h"

namespace mom {
namespace {

class LineComparison {
 public:
  using Line = FileDraft::Line;

  LineComparison(FileDraft& file, const std::vector<std::string_view>& wanted)
      : file_(file), wanted_(wanted), between_(file.first()), end_(wanted.size()) {}

  std::vector<CommonLine> Run() {
    TakeBeginning();
    LeaveEnd();
    TakeBetween();
    const std::size_t first_of_end = common_.size();
    Line line = after_;
    for (std::size_t i = end_; i < wanted_.size(); ++i, line = file_.next(line)) {
      common_.push_back({i, line});
    }
    CloseUp();
    CloseUpEnd(first_of_end);
    return std::move(common_);
  }

 private:
  static constexpr Line kNone = FileDraft::kNone;
  static constexpr std::size_t kNothing = static_cast<std::size_t>(-1);

  bool AreSame(std::size_t i, Line line) const {
    const bool is_whole = !EndsOddly(wanted_[i]) && (i == 0 || !EndsOddly(wanted_[i - 1])) &&
                          !EndsOddly(file_.text(file_.previous(line)));
    return is_whole && file_.text(line) == wanted_[i];
  }

  void TakeBeginning() {
    while (begin_ < end_ && between_ != kNone && AreSame(begin_, between_)) {
      common_.push_back({begin_++, between_});
      between_ = file_.next(between_);
    }
  }

  // What both end with comes last.
  void LeaveEnd() {
    while (end_ > begin_ && after_ != between_ && AreSame(end_ - 1, file_.previous(after_))) {
      after_ = file_.previous(after_);
      --end_;
    }
  }

  bool IsBetween(Line line) const {
    return between_ != kNone && !file_.IsBefore(line, between_) &&
           (after_ == kNone || file_.IsBefore(line, after_));
  }

  // The longest rising row of the lines' places.
  void TakeBetween() {
    // Common parts, by their ends, and the one that each goes on from.
    struct End {
      CommonLine last;
      std::size_t before;
    };
    std::vector<End> ends;
    // Of the parts of i + 1 lines, the one that ends first in the file.
    std::vector<std::size_t> first;
    for (std::size_t i = begin_; i < end_; ++i) {
      const std::vector<Line> places = file_.Find({wanted_[i]}, Likeness::kEqual);
      // From the last, so that none goes on from another of the same line.
      for (auto place = places.rbegin(); place != places.rend(); ++place) {
        if (!IsBetween(*place) || !AreSame(i, *place)) continue;
        const auto longer =
            std::lower_bound(first.begin(), first.end(), *place, [&](std::size_t part, Line line) {
              return file_.IsBefore(ends[part].last.line, line);
            });
        // The first of lines that are alike stays: the comparison, too, goes on as long as it can.
        if (longer != first.end() && ends[*longer].last.line == *place) continue;
        ends.push_back({{i, *place}, longer == first.begin() ? kNothing : *std::prev(longer)});
        if (longer == first.end()) {
          first.push_back(ends.size() - 1);
        } else {
          *longer = ends.size() - 1;
        }
      }
    }
    common_.resize(begin_ + first.size());
    std::size_t at = common_.size();
    for (std::size_t part = first.empty() ? kNothing : first.back(); part != kNothing;
         part = ends[part].before) {
      common_[--at] = ends[part].last;
    }
  }

  // Whether the one before is the hunk's line before.
  bool GoesOn(std::size_t i) const {
    return i > 0 && common_[i - 1].wanted + 1 == common_[i].wanted;
  }

  // From the last on: each moves up to the one after it where the same line stands there, too.
  void CloseUp() {
    for (std::size_t i = common_.size(); i-- > 1;) {
      const Line close = file_.previous(common_[i].line);
      if (GoesOn(i) && close != kNone && AreSame(common_[i - 1].wanted, close)) {
        common_[i - 1].line = close;
      }
    }
  }

  // What both end with moves up to what is before it, where all of it stands there, too.
  void CloseUpEnd(std::size_t first) {
    if (first == common_.size() || !GoesOn(first)) return;
    std::vector<CommonLine> moved;
    Line line = file_.next(common_[first - 1].line);
    for (std::size_t i = first; i < common_.size(); ++i, line = file_.next(line)) {
      if (line == kNone || !AreSame(common_[i].wanted, line)) return;
      moved.push_back({common_[i].wanted, line});
    }
    std::copy(moved.begin(), moved.end(), common_.begin() + static_cast<std::ptrdiff_t>(first));
  }

  FileDraft& file_;
  const std::vector<std::string_view>& wanted_;
  std::vector<CommonLine> common_;
  // What is between the beginning and the end: in the hunk, and in the file.
  std::size_t begin_ = 0;
  Line between_;
  std::size_t end_;
  Line after_ = kNone;
};

}  // namespace

std::vector<CommonLine> CommonLines(FileDraft& file, const std::vector<std::string_view>& wanted) {
  return LineComparison(file, wanted).Run();
}

}  // namespace mom
