#include "service/contract/kept_lines.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "service/contract/common_lines.h"

namespace mom {
namespace {

enum class Op { kEqual, kDelete, kInsert };

// Some lines: of both (from the hunk's number `at`), of the hunk's alone, of the file's alone.
struct Segment {
  Op op;
  std::size_t size;
  std::size_t at = 0;
};
using Segments = std::vector<Segment>;

// The lines between two of the file's, counted up to `most`.
std::size_t Between(const FileDraft& file, FileDraft::Line from, FileDraft::Line to,
                    std::size_t most) {
  std::size_t count = 0;
  for (; from != to && count < most; from = file.next(from)) ++count;
  return count;
}

Segments Compare(FileDraft& file, const std::vector<std::string_view>& lines) {
  const std::vector<CommonLine> common = CommonLines(file, lines);
  Segments segments;
  std::size_t at = 0;
  FileDraft::Line line = file.first();
  const auto skip_to = [&](std::size_t to, FileDraft::Line to_line) {
    if (to > at) segments.push_back({Op::kDelete, to - at, at});
    const std::size_t inserted = Between(file, line, to_line, lines.size() + 1);
    if (inserted > 0) segments.push_back({Op::kInsert, inserted});
  };
  for (const CommonLine& one : common) {
    const bool goes_on = !segments.empty() && segments.back().op == Op::kEqual &&
                         one.wanted == at && one.line == line;
    if (!goes_on) {
      skip_to(one.wanted, one.line);
      segments.push_back({Op::kEqual, 0, one.wanted});
    }
    ++segments.back().size;
    at = one.wanted + 1;
    line = file.next(one.line);
  }
  skip_to(lines.size(), FileDraft::kNone);
  return segments;
}

// Makes an equal segment two that are not.
void Split(Segments& segments, std::size_t at) {
  const Segment equal = segments[at];
  segments[at] = {Op::kDelete, equal.size, equal.at};
  segments.insert(segments.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                  {Op::kInsert, equal.size});
}

// Splits runs that are no longer than what differs on either side.
void CleanUpSemantically(Segments& segments) {
  std::vector<std::size_t> equal;
  std::size_t run = 0;  // the last equal segment's size; 0: there is none that could be split
  std::size_t inserted_before = 0;
  std::size_t deleted_before = 0;
  std::size_t inserted = 0;
  std::size_t deleted = 0;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (segments[i].op == Op::kEqual) {
      equal.push_back(i);
      inserted_before = std::exchange(inserted, 0);
      deleted_before = std::exchange(deleted, 0);
      run = segments[i].size;
      continue;
    }
    (segments[i].op == Op::kInsert ? inserted : deleted) += segments[i].size;
    const bool is_short = run > 0 && run <= std::max(inserted_before, deleted_before) &&
                          run <= std::max(inserted, deleted);
    if (!is_short) continue;
    Split(segments, equal.back());
    equal.pop_back();
    if (!equal.empty()) equal.pop_back();
    i = equal.empty() ? static_cast<std::size_t>(-1) : equal.back();
    inserted_before = deleted_before = inserted = deleted = run = 0;
  }
}

// Splits runs of a few lines between changes of both kinds.
void CleanUpForEfficiency(Segments& segments) {
  constexpr std::size_t kCost = 4;
  std::vector<std::size_t> equal;
  std::size_t run = 0;
  bool inserted_before = false;
  bool deleted_before = false;
  bool inserted = false;
  bool deleted = false;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (segments[i].op == Op::kEqual) {
      if (segments[i].size < kCost && (inserted || deleted)) {
        equal.push_back(i);
        inserted_before = inserted;
        deleted_before = deleted;
        run = segments[i].size;
      } else {
        equal.clear();
        run = 0;
      }
      inserted = deleted = false;
      continue;
    }
    (segments[i].op == Op::kInsert ? inserted : deleted) = true;
    const int kinds = inserted_before + deleted_before + inserted + deleted;
    if (run == 0 || !(kinds == 4 || (run < kCost / 2 && kinds == 3))) continue;
    Split(segments, equal.back());
    equal.pop_back();
    run = 0;
    if (inserted_before && deleted_before) {
      inserted = deleted = true;
      equal.clear();
    } else {
      if (!equal.empty()) equal.pop_back();
      i = equal.empty() ? static_cast<std::size_t>(-1) : equal.back();
      inserted = deleted = false;
    }
  }
}

}  // namespace

std::vector<std::string_view> KeptLines(FileDraft& file,
                                        const std::vector<std::string_view>& lines) {
  Segments segments = Compare(file, lines);
  CleanUpSemantically(segments);
  CleanUpForEfficiency(segments);
  std::vector<std::string_view> kept;
  for (const Segment& segment : segments) {
    if (segment.op != Op::kEqual) continue;
    const auto begin = lines.begin() + static_cast<std::ptrdiff_t>(segment.at);
    kept.insert(kept.end(), begin, begin + static_cast<std::ptrdiff_t>(segment.size));
  }
  return kept;
}

}  // namespace mom
