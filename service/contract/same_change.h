// Whether one edit makes the very change that another one, which does not apply, was meant to make.
#ifndef MOM_CONTRACT_SAME_CHANGE_H_
#define MOM_CONTRACT_SAME_CHANGE_H_

#include <cstddef>
#include <vector>

#include "service/contract/edit_block.h"
#include "service/contract/file_text.h"

namespace mom {

// A file that nothing has changed yet, with what finds its lines.
struct IndexedFile {
  explicit IndexedFile(const FileText& file) : text(file), draft(file) {}
  const FileText& text;
  FileDraft draft;
};

// What `broken`, a block of which the lines are not in the file, was meant to make of it. All that
// it is made of must outlive it. Not thread-safe.
class MeantChange {
 public:
  MeantChange(IndexedFile& file, const EditBlock& broken);

  // Whether lines of `broken` that the file has once only are all near those `count` lines from
  // `at` on, and there are any: it aims there. Quick, and needed for what follows.
  bool AimsAt(std::size_t at, std::size_t count) const;

  // Whether the file, once `sound` is applied, reads as `broken` wants it to. The lines of `sound`
  // stand in it at `at`, and nowhere else. Proven where all of this holds:
  // - what `sound` puts in, `broken` puts in, word for word and in the same place among the lines
  //   around it, and the reverse;
  // - what `sound` takes away, `broken` takes away: the line itself, or one much like it that is
  //   nowhere in the file; and the reverse; and there is no other such line near;
  // - what else `broken` has of the file and the file has not, it keeps as it is: lines of the
  //   surroundings that it does not remember well, or leaves out.
  // So `broken` only fails on how it finds its place. White space at the ends of lines does not
  // count.
  bool IsMadeBy(const EditBlock& sound, std::size_t at) const;

 private:
  struct Sign {
    std::size_t at;
    std::size_t end;
  };
  IndexedFile& file_;
  const EditBlock& broken_;
  std::vector<Sign> signs_;  // the longest runs of its lines that stand in the file, once only
};

// Of two listings of the file, of which `broken` leaves lines out ("# ... rest of the code ..."):
// whether `sound` is `broken` with the file's own lines where those are left out, each time all
// that there are between the lines around.
bool FillsTheGaps(IndexedFile& file, const EditBlock& sound, const EditBlock& broken);

// Whether a listing leaves lines out that the file does not.
bool HasGaps(IndexedFile& file, const EditBlock& listing);

}  // namespace mom

#endif  // MOM_CONTRACT_SAME_CHANGE_H_
