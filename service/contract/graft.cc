#include "service/contract/graft.h"

#include <algorithm>
#include <map>
#include <utility>

#include "service/contract/edit_block.h"
#include "service/contract/same_change.h"
#include "service/contract/text_lines.h"

namespace mom {
namespace {

// An answer that is broken in more places is no good base.
constexpr std::size_t kMostGrafted = 8;
// Pairs of blocks that are compared line by line; it takes time.
constexpr int kMostCompared = 100;

// Lines of a file, from `begin` to before `end`.
struct Region {
  const IndexedFile* file;
  std::size_t begin;
  std::size_t end;
  bool Overlaps(const Region& other) const {
    return file == other.file && begin < other.end && other.begin < end;
  }
};

// A block, and where it applies as it is.
struct Located {
  EditBlock edit;
  IndexedFile* file = nullptr;  // null: not one that may be edited
  std::vector<Region> places;   // of its lines
  // Whether it should have a place in such a file, and has none.
  bool is_broken = false;
};

class Grafting {
 public:
  Grafting(const Contract& contract, const std::vector<std::string_view>& answers)
      : contract_(contract), answers_(answers) {
    for (const ChatFile& file : contract.files.files) {
      if (!file.read_only) files_.try_emplace(NormalPath(file.path), file.text);
    }
    for (const std::string_view answer : answers) {
      EditBlocks read = ReadEditBlocks(contract, answer);
      std::vector<Located>& blocks = blocks_.emplace_back();
      for (EditBlock& edit : read.blocks) blocks.push_back(Locate(std::move(edit)));
      complete_.push_back(read.complete);
    }
  }

  std::optional<Graft> MendFirst() {
    for (std::size_t base = 0; base < answers_.size(); ++base) {
      if (std::optional<Graft> graft = Mend(base)) return graft;
    }
    return std::nullopt;
  }

 private:
  bool has_listings() const { return contract_.kind == ContractKind::kWhole; }

  Located Locate(EditBlock edit) {
    Located block;
    block.edit = std::move(edit);
    const std::vector<std::string_view>& lines = block.edit.before;
    const bool has_place = !std::all_of(lines.begin(), lines.end(), IsAllSpace);
    block.is_broken = has_place;
    const auto found = files_.find(NormalPath(block.edit.path));
    if (found == files_.end()) return block;
    block.file = &found->second;
    if (has_listings()) {
      block.places.push_back({block.file, 0, block.file->text.lines().size()});
      block.is_broken = HasGaps(*block.file, block.edit);
    }
    if (!has_place) return block;
    for (const FileDraft::Line line : block.file->draft.Find(lines, Likeness::kEqual)) {
      const std::size_t place = block.file->draft.PlaceOf(line);
      block.places.push_back({block.file, place, place + lines.size()});
    }
    block.is_broken = block.places.empty();
    return block;
  }

  std::optional<Graft> Mend(std::size_t base) {
    const std::vector<Located>& blocks = blocks_[base];
    const auto broken = std::count_if(blocks.begin(), blocks.end(),
                                      [](const Located& block) { return block.is_broken; });
    if (!complete_[base] || static_cast<std::size_t>(broken) > kMostGrafted) return std::nullopt;
    Graft graft;
    graft.base = base;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (!blocks[i].is_broken) continue;
      std::optional<GraftedBlock> grafted = FindSubstitute(base, i);
      if (!grafted) return std::nullopt;
      graft.blocks.push_back(*std::move(grafted));
    }
    if (graft.blocks.empty() || !AreApart(graft)) return std::nullopt;
    graft.text = TextOf(graft);
    Workspace workspace(contract_.files);
    graft.verdict = CheckEdits(contract_, graft.text, workspace);
    if (!graft.verdict.usable) return std::nullopt;
    return graft;
  }

  std::optional<GraftedBlock> FindSubstitute(std::size_t base, std::size_t at) {
    const Located& broken = blocks_[base][at];
    if (broken.file == nullptr || broken.edit.text.empty()) return std::nullopt;
    const MeantChange meant(*broken.file, broken.edit);
    for (std::size_t answer = 0; answer < answers_.size(); ++answer) {
      if (answer == base) continue;
      for (std::size_t i = 0; i < blocks_[answer].size(); ++i) {
        if (!CanReplace(blocks_[answer][i], broken, meant)) continue;
        return GraftedBlock{at, broken.edit.path, answer, i};
      }
    }
    return std::nullopt;
  }

  bool CanReplace(const Located& sound, const Located& broken, const MeantChange& meant) {
    if (sound.file != broken.file || sound.is_broken || sound.places.size() != 1) return false;
    const auto has_returns = [](std::string_view text) { return text.find('\r') != text.npos; };
    if (has_returns(sound.edit.text) != has_returns(broken.edit.text)) return false;
    if (sound.edit.text.empty()) return false;
    if (has_listings()) {
      return ++compared_ <= kMostCompared && FillsTheGaps(*broken.file, sound.edit, broken.edit);
    }
    const std::size_t at = sound.places.front().begin;
    return meant.AimsAt(at, sound.edit.before.size()) && ++compared_ <= kMostCompared &&
           meant.IsMadeBy(sound.edit, at);
  }

  const Located& SubstituteOf(const GraftedBlock& grafted) const {
    return blocks_[grafted.answer][grafted.its_block];
  }

  // Whether each block that is put in edits other lines than all the others do.
  bool AreApart(const Graft& graft) const {
    std::vector<const Located*> blocks;
    for (const Located& block : blocks_[graft.base]) blocks.push_back(&block);
    for (const GraftedBlock& one : graft.blocks) blocks[one.block] = &SubstituteOf(one);
    return std::all_of(graft.blocks.begin(), graft.blocks.end(), [&](const GraftedBlock& one) {
      const Located& put_in = *blocks[one.block];
      return std::all_of(blocks.begin(), blocks.end(), [&](const Located* other) {
        if (other == &put_in) return true;
        return std::none_of(other->places.begin(), other->places.end(), [&](const Region& place) {
          return place.Overlaps(put_in.places.front());
        });
      });
    });
  }

  std::string TextOf(const Graft& graft) const {
    const std::string_view base = answers_[graft.base];
    std::string text;
    const char* done = base.data();
    for (const GraftedBlock& one : graft.blocks) {
      const std::string_view out = blocks_[graft.base][one.block].edit.text;
      text.append(done, out.data()).append(SubstituteOf(one).edit.text);
      done = out.end();
    }
    return text.append(done, base.end());
  }

  const Contract& contract_;
  const std::vector<std::string_view>& answers_;
  std::map<std::string, IndexedFile> files_;  // by NormalPath
  std::vector<std::vector<Located>> blocks_;  // of each answer
  std::vector<bool> complete_;                // of each answer: whether these are all its blocks
  int compared_ = 0;
};

}  // namespace

std::optional<Graft> FindGraft(const Contract& contract,
                               const std::vector<std::string_view>& answers) {
  return Grafting(contract, answers).MendFirst();
}

}  // namespace mom
