#include "service/contract/edit_block.h"

#include <optional>
#include <utility>

#include "service/contract/hunk.h"
#include "service/contract/listing.h"
#include "service/contract/search_block.h"
#include "service/contract/text_lines.h"
#include "service/contract/workspace.h"

namespace mom {
namespace {

EditBlocks FromSearchBlocks(std::string_view answer, const Workspace& workspace) {
  EditBlocks edits;
  SearchBlockReader reader(answer, workspace.chat().fence, workspace.editable());
  while (std::optional<SearchBlock> block = reader.Next()) {
    EditBlock edit;
    edit.path = std::move(block->path);
    for (const std::string_view line : block->search) edit.before.push_back(WithoutBreak(line));
    for (const std::string_view line : block->replace) edit.after.push_back(WithoutBreak(line));
    if (!block->ends_with_divider) edit.text = block->text;
    edits.blocks.push_back(std::move(edit));
  }
  edits.complete = reader.error().empty();
  return edits;
}

EditBlocks FromHunks(std::string_view answer) {
  EditBlocks edits;
  std::optional<std::vector<Hunk>> hunks = ReadHunks(answer);
  edits.complete = hunks.has_value();
  if (!hunks) return edits;
  for (Hunk& hunk : *hunks) {
    const bool is_pure = SplitLines(hunk.text).size() == hunk.lines.size();
    edits.blocks.push_back({std::move(hunk.path), Before(hunk.lines), After(hunk.lines),
                            is_pure ? hunk.text : std::string_view()});
  }
  return edits;
}

EditBlocks FromListings(std::string_view answer, const Workspace& workspace) {
  EditBlocks edits;
  std::optional<std::vector<Listing>> listings =
      ReadListings(answer, workspace.chat().fence, workspace.editable());
  edits.complete = listings.has_value();
  if (!listings) return edits;
  for (Listing& listing : *listings) {
    std::string_view text;
    if (listing.closed && !listing.lines.empty()) {
      text = std::string_view(listing.lines.front().data(), listing.lines.back().end());
    }
    edits.blocks.push_back({std::move(listing.path), {}, std::move(listing.lines), text});
  }
  return edits;
}

}  // namespace

EditBlocks ReadEditBlocks(const Contract& contract, std::string_view answer) {
  answer = Strip(answer);  // as aider does first
  const Workspace workspace(contract.files);
  switch (contract.kind) {
    case ContractKind::kDiff:
    case ContractKind::kDiffFenced:
      return FromSearchBlocks(answer, workspace);
    case ContractKind::kUdiff:
      return FromHunks(answer);
    case ContractKind::kWhole:
      return FromListings(answer, workspace);
    default:
      return {};
  }
}

}  // namespace mom
