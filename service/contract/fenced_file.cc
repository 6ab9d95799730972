#include "service/contract/fenced_file.h"

#include <algorithm>
#include <string>
#include <vector>

#include "service/contract/pattern.h"
#include "service/contract/request_text.h"
#include "service/contract/search_replace.h"
#include "service/contract/text_lines.h"
#include "service/contract/whole_file.h"

namespace mom {
namespace {

bool AsksForFile(std::string_view shown) {
  static const RE2& kDemand = Pattern(
      {"(?i)(?:^|[.?!:;)\\n])[\\s*_#-]*(?:(?:please|now|always|just|simply|only|you "
       "(?:must|should)) "
       ")*(?:reply|respond|answer|output|return|write|give|provide|send|print)\\b[^.?!\\n]{0,40} ",
       "(?:complete|entire|full|whole)\\b[^.?!\\n]{0,40} (?:file|program|script|module|source)\\b",
       "[^.?!\\n]{0,60} (?:a|one) (?:single )?(?:fenced |markdown )?code block\\b([^\\n]{0,200})"});
  static const RE2& kNothingElse = Pattern(
      {"(?i)\\b(?:nothing else|no (?:other |further |additional )?(?:text|explanations?|prose|",
       "comment\\w*|words)|without (?:any )?(?:other text|explanations?|comment\\w*|prose)|",
       "(?:do not|don't) (?:explain|add|write|include) anything)\\b"});
  std::string after;
  return RE2::PartialMatch(WithoutQuotes(shown), kDemand, &after) && Finds(kNothingElse, after);
}

struct Block {
  std::size_t opens = 0;  // lines of the answer
  std::size_t closes = 0;
  bool closed = false;
};

// A fence of more marks than three may hold those of fewer.
std::vector<Block> ReadBlocks(const std::vector<std::string_view>& lines) {
  std::vector<Block> blocks;
  std::size_t marks = 0;  // of the open block
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = Strip(lines[i]);
    const std::size_t count = std::min(line.find_first_not_of('`'), line.size());
    if (count < 3) continue;
    if (marks == 0) {
      blocks.push_back({i, lines.size(), false});
      marks = count;
    } else if (count >= marks && count == line.size()) {
      blocks.back().closes = i;
      blocks.back().closed = true;
      marks = 0;
    }
  }
  return blocks;
}

}  // namespace

bool DemandsFencedFile(const ChatRequest& request) {
  if (AsksForFile(LastQuestion(request))) return true;
  const std::vector<std::string> texts = Instructions(request);
  return std::any_of(texts.begin(), texts.end(), AsksForFile);
}

Verdict CheckFencedFile(std::string_view answer) {
  Verdict verdict;
  const std::vector<std::string_view> lines = SplitLines(Strip(answer));
  const std::vector<Block> blocks = ReadBlocks(lines);
  if (blocks.empty()) {
    verdict.Break(0.1, "there is no code block");
    return verdict;
  }
  const Block& block = blocks.front();
  if (!block.closed) verdict.Break(0.15, "the code block is not closed");
  if (blocks.size() > 1) verdict.Break(0.2, "there is more than one code block");
  const auto inside = [&](std::size_t i) { return i > block.opens && i < block.closes; };
  bool empty = true;
  for (std::size_t i = block.opens + 1; i < block.closes; ++i) {
    empty = empty && IsAllSpace(lines[i]);
    if (StandsForOthers(lines[i])) verdict.Break(0.2, "lines are left out with `...`");
    if (IsConflictMarker(lines[i])) verdict.Break(0.2, "a conflict's markers are left in it");
  }
  if (empty) verdict.Break(0.1, "the code block is empty");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool is_fence = i == block.opens || i == block.closes;
    if (!is_fence && !inside(i) && !IsAllSpace(lines[i])) {
      verdict.Lower(0.7, "there is text around the code block");
    }
  }
  return verdict;
}

}  // namespace mom
