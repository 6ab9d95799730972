// A file's text, indexed so that lines are found in it without reading it again.
#ifndef MOM_CONTRACT_FILE_TEXT_H_
#define MOM_CONTRACT_FILE_TEXT_H_

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mom {

// Does not change. Shares the lifetime of the text it is made of. The text is only read once
// somebody looks for lines in it: of a conversation's files an answer edits few. So not
// thread-safe.
class FileText {
 public:
  explicit FileText(std::string_view text) : text_(text) {}

  const std::vector<std::string_view>& lines() const { return index().lines; }

 private:
  friend class FileDraft;
  // Lines that are alike when stripped are chained.
  struct Alike {
    std::int32_t first = -1;
    std::int32_t count = 0;
  };
  // By the hash of the stripped line. Lines that only share that are chained, too: whoever follows
  // a chain compares the lines.
  using AlikeLines = boost::unordered_flat_map<std::uint64_t, Alike>;
  static std::uint64_t KeyOf(std::string_view line);

  struct Index {
    explicit Index(std::string_view text);

    std::vector<std::string_view> lines;
    std::vector<std::int32_t> next_alike;
    AlikeLines alike;
    bool ends_with_break = true;
  };
  const Index& index() const;

  std::string_view text_;
  mutable std::unique_ptr<const Index> index_;
};

// How lines that are looked for have to be those of the file.
enum class Likeness {
  kEqual,
  // The first may begin within a line.
  kEqualFromWithin,
  // Equal but for white space at their left, of which all lines of the file have the same too much.
  kShifted,
  // Equal but for the indentation of the first: each other one goes in or out by as much.
  kSameSteps,
  kEqualStrippedRight,
  kEqualStripped,
};

// What becomes of a file as edits are applied to it, one after the other. Edits cost what they
// change, not what the file is long. Not thread-safe.
class FileDraft {
 public:
  // A line, by a number that it keeps.
  using Line = std::int32_t;
  static constexpr Line kNone = 0;

  // `file` must outlive the draft.
  explicit FileDraft(const FileText& file);

  // Where `wanted` stands, each place by its first line, in the file's order, and at most so many.
  // `wanted` must not be empty. Finds nothing any more once too_costly().
  std::vector<Line> Find(const std::vector<std::string_view>& wanted, Likeness likeness,
                         std::size_t most = static_cast<std::size_t>(-1));
  // Whether all the searches together took more than a candidate's check may.
  bool too_costly() const { return work_ > kMostWork; }

  // Puts `lines` in the place of `count` lines. Their text must outlive the draft: see Keep().
  void Replace(Line first, std::size_t count, const std::vector<std::string_view>& lines);
  // Puts `by` in the place of the text that is `was`; that may begin within the line `first`.
  void ReplaceText(Line first, const std::vector<std::string_view>& was,
                   const std::vector<std::string_view>& by);
  // Appends as to a text: where the file has no break at its end, the first line goes on its last.
  void AppendText(const std::vector<std::string_view>& lines);
  // Whether the file's last line ends with a break.
  void SetEndsWithBreak(bool does) { ends_with_break_ = does; }
  // Keeps a text as long as the draft lives.
  std::string_view Keep(std::string text) { return kept_.emplace_back(std::move(text)); }

  std::string_view text(Line line) const {
    if (Index(line) > own_) return added_[Index(line) - own_ - 1].text;
    return line == kNone ? std::string_view() : file_.lines[Index(line) - 1];
  }
  bool empty() const { return first() == kNone; }
  // Whether `a` stands before `b` in the file; neither may be kNone.
  bool IsBefore(Line a, Line b) const { return Label(a) < Label(b); }
  Line first() const { return next(0); }
  // kNone after the last.
  Line next(Line line) const {
    if (!nodes_.empty()) return nodes_[Index(line)].next;
    return Index(line) == own_ ? kNone : line + 1;
  }
  // kNone before the first.
  Line previous(Line line) const {
    if (!nodes_.empty()) return nodes_[Index(line)].previous;
    return line == kNone ? static_cast<Line>(own_) : line - 1;
  }
  // The line's place in the file as it was at first, from 0; only for a draft that nothing changed.
  std::size_t PlaceOf(Line line) const { return Index(line) - 1; }
  // Whether so many lines from that one on are the file's own, and stood together in it at first.
  bool StoodTogether(Line first, std::size_t count) const;
  std::size_t size() const { return size_; }
  bool changed() const { return changed_; }
  // Whether a line of nothing but white space ends with another break than "\n".
  bool HasOddBlank() const;
  // The whole text.
  std::string Text() const;

 private:
  // A ring of lines; the one at 0 is where it begins and ends. From 1 on they are the file's own,
  // in its order, then those that came later.
  struct Node {
    std::uint64_t label;
    Line previous;  // kRemoved: it is in the ring no more
    Line next;
  };
  // A line that an edit put in.
  struct Added {
    std::string_view text;
    Line next_alike;
  };
  static constexpr Line kRemoved = -1;
  static constexpr std::size_t kMostWork = 500'000;

  static std::size_t Index(Line line) { return static_cast<std::size_t>(line); }
  // Rises along the file.
  std::uint64_t Label(Line line) const;
  bool IsRemoved(Line line) const {
    return !nodes_.empty() && nodes_[Index(line)].previous == kRemoved;
  }
  std::size_t CountAlike(std::uint64_t key) const;
  bool StandsAt(Line line, const std::vector<std::string_view>& wanted, Likeness likeness) const;
  void LinkLines();
  void Insert(Line before, std::string_view text, std::uint64_t label);
  // The distance of the labels of so many lines before that one; 0: there is no room for them.
  std::uint64_t LabelStep(Line before, std::size_t count) const;
  void Relabel();

  const FileText::Index& file_;
  const std::size_t own_;    // how many lines the file has of its own
  std::vector<Node> nodes_;  // by Line; empty until something is changed
  std::vector<Added> added_;
  FileText::AlikeLines added_alike_;
  std::deque<std::string> kept_;
  std::size_t size_;
  std::size_t work_ = 0;
  bool ends_with_break_;
  bool changed_ = false;
};

}  // namespace mom

#endif  // MOM_CONTRACT_FILE_TEXT_H_
