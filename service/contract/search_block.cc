#include "service/contract/search_block.h"

#include <algorithm>
#include <array>

#include "service/contract/file_name.h"
#include "service/contract/text_lines.h"

namespace mom {
namespace {

constexpr std::string_view kBackticks = "```";
constexpr std::size_t kMostGuesses = 200;  // of a name; each takes time

bool IsHead(std::string_view line) {
  line = Strip(line);
  return line.starts_with('<') &&
         (IsMarker(line, '<', 5, 9, " SEARCH") || IsMarker(line, '<', 5, 9, " SEARCH>"));
}

bool IsDivider(std::string_view line) {
  line = Strip(line);
  return line.starts_with('=') && IsMarker(line, '=', 5, 9, "");
}

bool IsEnd(std::string_view line) {
  line = Strip(line);
  return line.starts_with('>') && IsMarker(line, '>', 5, 9, " REPLACE");
}

std::string_view StripOf(std::string_view text, char c) {
  while (text.starts_with(c)) text.remove_prefix(1);
  while (text.ends_with(c)) text.remove_suffix(1);
  return text;
}

}  // namespace

SearchBlockReader::SearchBlockReader(std::string_view answer, const Fence& fence,
                                     const std::vector<std::string>& known)
    : fence_(fence), known_(known), lines_(SplitLines(answer)) {}

bool SearchBlockReader::OpensShell(std::size_t at) const {
  static constexpr std::array<std::string_view, 11> kShells = {
      "bash", "sh", "cmd", "batch", "powershell", "ps1", "zsh", "fish", "ksh", "csh", "tcsh"};
  std::string_view line = StripLeft(lines_[at]);
  if (!line.starts_with(kBackticks)) return false;
  line.remove_prefix(kBackticks.size());
  const auto opens = [&](std::string_view shell) { return line.starts_with(shell); };
  if (std::none_of(kShells.begin(), kShells.end(), opens)) return false;
  const bool block_follows = (at + 1 < lines_.size() && IsHead(lines_[at + 1])) ||
                             (at + 2 < lines_.size() && IsHead(lines_[at + 2]));
  return !block_follows;
}

bool SearchBlockReader::IsFence(std::string_view line) const {
  return line.starts_with(kBackticks) || line.starts_with(fence_.open) ||
         line.starts_with(fence_.close);
}

std::optional<SearchBlock> SearchBlockReader::Next() {
  while (at_ < lines_.size() && error_.empty()) {
    if (OpensShell(at_)) {
      ++at_;
      while (at_ < lines_.size() && !StripLeft(lines_[at_]).starts_with(kBackticks)) ++at_;
      ++at_;
      continue;
    }
    if (IsHead(lines_[at_])) return ReadBlock();
    if (IsFence(lines_[at_])) ++fences_;
    ++at_;
  }
  return std::nullopt;
}

std::optional<SearchBlock> SearchBlockReader::ReadBlock() {
  SearchBlock block;
  const char* const begin = lines_[at_].data();
  const bool creates = at_ + 1 < lines_.size() && IsDivider(lines_[at_ + 1]);
  if (!FindPath(creates, block)) {
    error_ = "no file is named before it";
    return std::nullopt;
  }
  for (++at_; at_ < lines_.size() && !IsDivider(lines_[at_]); ++at_) {
    block.search.push_back(lines_[at_]);
  }
  for (++at_; at_ < lines_.size() && !IsEnd(lines_[at_]) && !IsDivider(lines_[at_]); ++at_) {
    block.replace.push_back(lines_[at_]);
  }
  if (at_ >= lines_.size()) {
    error_ = "it has no ======= or no >>>>>>> REPLACE";
    return std::nullopt;
  }
  block.ends_with_divider = IsDivider(lines_[at_]);
  block.text = std::string_view(begin, lines_[at_].end());
  ++at_;
  return block;
}

std::string SearchBlockReader::NameIn(std::string_view line) const {
  line = Strip(line);
  if (line == "...") return {};
  for (const std::string_view fence : {fence_.open, kBackticks}) {
    if (!line.starts_with(fence)) continue;
    line.remove_prefix(fence.size());
    return line.find_first_of("./") == std::string_view::npos ? std::string() : std::string(line);
  }
  while (line.ends_with(':')) line.remove_suffix(1);
  while (line.starts_with('#')) line.remove_prefix(1);
  return std::string(StripOf(StripOf(Strip(line), '`'), '*'));
}

const std::string* SearchBlockReader::CloseTo(const std::string& name) {
  const auto guess = guesses_.find(name);
  if (guess != guesses_.end()) return guess->second;
  if (guesses_.size() >= kMostGuesses) return nullptr;
  return guesses_[name] = CloseName(name, known_);
}

bool SearchBlockReader::FindPath(bool creates, SearchBlock& block) {
  // The names in the three lines before, the nearest first; beyond a line that is no fence there is
  // none.
  std::vector<std::string> names;
  for (std::size_t i = at_; i > 0 && at_ - i < 3;) {
    const std::string_view line = lines_[--i];
    if (std::string name = NameIn(line); !name.empty()) names.push_back(std::move(name));
    if (!line.starts_with(fence_.open) && !line.starts_with(kBackticks)) break;
  }
  const auto take = [&](std::string path, bool guessed) {
    last_path_ = path;
    block.path = std::move(path);
    block.path_is_guessed = guessed;
    return true;
  };
  if (!creates) {
    for (const std::string& name : names) {
      if (std::find(known_.begin(), known_.end(), name) != known_.end()) return take(name, false);
    }
    for (const std::string& name : names) {
      const auto same = [&](const std::string& path) { return BaseName(path) == name; };
      const auto known = std::find_if(known_.begin(), known_.end(), same);
      if (known != known_.end()) return take(*known, true);
    }
    for (const std::string& name : names) {
      if (const std::string* close = CloseTo(name)) return take(*close, true);
    }
  }
  for (const std::string& name : names) {
    if (name.find('.') != std::string::npos) return take(name, false);
  }
  if (!names.empty()) return take(names.front(), false);
  return !last_path_.empty() && take(last_path_, true);
}

}  // namespace mom
