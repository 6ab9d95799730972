#include "service/contract/file_text.h"

#include <algorithm>
#include <utility>

#include "service/contract/text_lines.h"

namespace mom {
namespace {

constexpr std::uint64_t kLabelStep = std::uint64_t{1} << 32;

std::string_view IndentOf(std::string_view line) {
  const std::string_view whole = WithoutBreak(line);
  return whole.substr(0, whole.size() - StripLeft(whole).size());
}

// What a line's indentation has more than the one before it, or by how much it has less.
struct Step {
  std::string_view more;
  std::size_t less = 0;
  bool operator==(const Step&) const = default;
};

Step StepOf(std::string_view before, std::string_view line) {
  const std::string_view was = IndentOf(before);
  const std::string_view is = IndentOf(line);
  if (is.size() >= was.size()) return {is.substr(was.size()), 0};
  return {{}, was.size() - is.size()};
}

}  // namespace

std::uint64_t FileText::KeyOf(std::string_view line) {
  return std::hash<std::string_view>()(Strip(line));
}

FileText::Index::Index(std::string_view text) : lines(SplitLines(text)) {
  ends_with_break = lines.empty() || text.ends_with('\n') || EndsOddly(lines.back());
  next_alike.resize(lines.size());
  // Very short lines are mostly alike.
  alike.reserve(std::min(lines.size(), text.size() / 16));
  // From the last, so that each chain goes from the first to the last.
  for (std::size_t i = lines.size(); i-- > 0;) {
    Alike& same = alike[KeyOf(lines[i])];
    next_alike[i] = same.first;
    same.first = static_cast<std::int32_t>(i);
    ++same.count;
  }
}

const FileText::Index& FileText::index() const {
  if (index_ == nullptr) index_ = std::make_unique<const Index>(text_);
  return *index_;
}

FileDraft::FileDraft(const FileText& file)
    : file_(file.index()),
      own_(file_.lines.size()),
      size_(own_),
      ends_with_break_(file_.ends_with_break) {}

std::size_t FileDraft::CountAlike(std::uint64_t key) const {
  std::size_t count = 0;
  for (const FileText::AlikeLines* lines : {&file_.alike, &added_alike_}) {
    if (const auto found = lines->find(key); found != lines->end()) {
      count += static_cast<std::size_t>(found->second.count);
    }
  }
  return count;
}

bool FileDraft::StandsAt(Line line, const std::vector<std::string_view>& wanted,
                         Likeness likeness) const {
  // The white space that the file's lines have too much, once a line has told it.
  std::optional<std::string_view> shift;
  std::string_view before = text(previous(line));
  for (std::size_t i = 0; i < wanted.size(); ++i, line = next(line)) {
    if (line == kNone) return false;
    const std::string_view have = text(line);
    const std::string_view want = wanted[i];
    switch (likeness) {
      case Likeness::kEqual:
        if (have != want) return false;
        break;
      case Likeness::kEqualFromWithin:
        if (i == 0 ? !have.ends_with(want) : have != want) return false;
        break;
      case Likeness::kShifted: {
        const std::string_view bare = StripLeft(have);
        if (bare != StripLeft(want)) return false;
        if (bare.empty()) break;
        if (have.size() < want.size()) return false;
        const std::string_view more = have.substr(0, have.size() - want.size());
        if (shift && *shift != more) return false;
        shift = more;
        break;
      }
      case Likeness::kSameSteps: {
        if (StripLeft(have) != StripLeft(want)) return false;
        const Step step = StepOf(before, have);
        const bool same =
            i == 0 ? step.more.ends_with(IndentOf(want)) : step == StepOf(wanted[i - 1], want);
        if (!same) return false;
        before = have;
        break;
      }
      case Likeness::kEqualStrippedRight:
        if (StripRight(have) != StripRight(want)) return false;
        break;
      case Likeness::kEqualStripped:
        if (Strip(have) != Strip(want)) return false;
        break;
    }
  }
  return true;
}

std::vector<FileDraft::Line> FileDraft::Find(const std::vector<std::string_view>& wanted,
                                             Likeness likeness, std::size_t most) {
  std::vector<Line> found;
  if (too_costly()) return found;
  // By way of the line that is the rarest in the file. A line that may begin within another has no
  // place in the index.
  const std::size_t first = likeness == Likeness::kEqualFromWithin ? 1 : 0;
  std::size_t rarest = wanted.size();
  std::size_t count = 0;
  std::uint64_t key = 0;
  for (std::size_t i = first; i < wanted.size(); ++i) {
    const std::uint64_t own = FileText::KeyOf(wanted[i]);
    const std::size_t alike = CountAlike(own);
    if (alike == 0) return found;
    if (rarest == wanted.size() || alike < count) {
      rarest = i;
      count = alike;
      key = own;
    }
  }
  work_ += wanted.size();
  const auto goes_on = [&] { return found.size() < most && !too_costly(); };
  const auto look = [&](Line line) {
    ++work_;
    if (IsRemoved(line)) return;
    for (std::size_t i = 0; i < rarest && rarest < wanted.size(); ++i) {
      line = previous(line);
      if (line == kNone) return;
    }
    if (StandsAt(line, wanted, likeness)) found.push_back(line);
  };
  if (rarest == wanted.size()) {
    for (Line line = this->first(); line != kNone && goes_on(); line = next(line)) look(line);
    return found;
  }
  if (const auto own = file_.alike.find(key); own != file_.alike.end()) {
    std::int32_t i = own->second.first;
    for (; i >= 0 && goes_on(); i = file_.next_alike[Index(i)]) look(i + 1);
  }
  if (const auto added = added_alike_.find(key); added != added_alike_.end()) {
    Line line = added->second.first;
    for (; line != kNone && !too_costly(); line = added_[Index(line) - own_ - 1].next_alike) {
      look(line);
    }
    std::sort(found.begin(), found.end(), [&](Line a, Line b) { return Label(a) < Label(b); });
    if (found.size() > most) found.resize(most);
  }
  return found;
}

std::uint64_t FileDraft::Label(Line line) const {
  return nodes_.empty() ? Index(line) * kLabelStep : nodes_[Index(line)].label;
}

void FileDraft::LinkLines() {
  std::vector<Node> nodes;
  nodes.reserve(own_ + 64);
  for (std::size_t i = 0; i <= own_; ++i) {
    const auto line = static_cast<Line>(i);
    nodes.push_back({Label(line), previous(line), next(line)});
  }
  nodes_ = std::move(nodes);
}

void FileDraft::Insert(Line before, std::string_view text, std::uint64_t label) {
  const Line previous = nodes_[Index(before)].previous;
  const Line line = static_cast<Line>(nodes_.size());
  FileText::Alike& alike =
      added_alike_.try_emplace(FileText::KeyOf(text), FileText::Alike{kNone, 0}).first->second;
  added_.push_back({text, alike.first});
  alike.first = line;
  ++alike.count;
  nodes_.push_back({label, previous, before});
  nodes_[Index(previous)].next = line;
  nodes_[Index(before)].previous = line;
  ++size_;
}

std::uint64_t FileDraft::LabelStep(Line before, std::size_t count) const {
  if (before == kNone) return kLabelStep;
  const Node& node = nodes_[Index(before)];
  return (node.label - nodes_[Index(node.previous)].label) / (count + 1);
}

void FileDraft::Relabel() {
  std::uint64_t label = 0;
  for (Line line = first(); line != kNone; line = next(line)) {
    nodes_[Index(line)].label = label += kLabelStep;
  }
  work_ += size_;
}

void FileDraft::Replace(Line first, std::size_t count, const std::vector<std::string_view>& lines) {
  if (nodes_.empty()) LinkLines();
  Line after = first;
  for (std::size_t i = 0; i < count; ++i) {
    Node& node = nodes_[Index(after)];
    nodes_[Index(node.previous)].next = node.next;
    nodes_[Index(node.next)].previous = node.previous;
    node.previous = kRemoved;
    after = node.next;
    --size_;
  }
  if (LabelStep(after, lines.size()) == 0) Relabel();
  const std::uint64_t step = LabelStep(after, lines.size());
  std::uint64_t label = nodes_[Index(nodes_[Index(after)].previous)].label;
  for (const std::string_view line : lines) Insert(after, line, label += step);
  changed_ = true;
}

void FileDraft::ReplaceText(Line first, const std::vector<std::string_view>& was,
                            const std::vector<std::string_view>& by) {
  const std::string_view begin = text(first);
  const std::string stays(begin.substr(0, begin.size() - was[0].size()));
  if (stays.empty()) return Replace(first, was.size(), by);
  Replace(next(first), was.size() - 1, {});
  if (!by.empty()) {
    std::vector<std::string_view> lines = by;
    lines[0] = Keep(stays + std::string(by[0]));
    return Replace(first, 1, lines);
  }
  const Line after = next(first);
  const std::string joined = stays + std::string(text(after));
  Replace(first, after == kNone ? 1 : 2, {Keep(joined)});
}

void FileDraft::AppendText(const std::vector<std::string_view>& lines) {
  if (lines.empty()) return;
  const Line last = previous(kNone);
  if (ends_with_break_ || last == kNone) {
    Replace(kNone, 0, lines);
  } else {
    std::vector<std::string_view> joined = lines;
    joined[0] = Keep(std::string(text(last)) + std::string(lines[0]));
    Replace(last, 1, joined);
  }
  ends_with_break_ = true;
}

bool FileDraft::StoodTogether(Line first, std::size_t count) const {
  const Line last = first + static_cast<Line>(count) - 1;
  if (Index(last) > own_) return false;
  Line line = first;
  while (line != last && next(line) == line + 1) ++line;
  return line == last;
}

bool FileDraft::HasOddBlank() const {
  for (Line line = first(); line != kNone; line = next(line)) {
    if (EndsOddly(text(line)) && IsAllSpace(text(line))) return true;
  }
  return false;
}

std::string FileDraft::Text() const {
  std::string whole;
  for (Line line = first(); line != kNone; line = next(line)) AppendLine(text(line), whole);
  if (!ends_with_break_ && whole.ends_with('\n')) whole.pop_back();
  return whole;
}

}  // namespace mom
