// Text that stays on the terminal, and lines below it that change.
#ifndef MOM_CLIENTS_CLI_LIVE_REGION_H_
#define MOM_CLIENTS_CLI_LIVE_REGION_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "clients/cli/terminal_text.h"

namespace mom::cli {

// Makes the bytes that bring the terminal from one frame to the next. They overwrite what is there,
// so nothing flickers; the text runs on, as the terminal wraps it, and scrolls away above. After a
// frame, the cursor stands behind the last line. Pure.
class LiveRegion {
 public:
  // Adds `text` (without control characters but line end and tab) to what stays, and draws `lines`
  // below it: at least one, each narrower than `columns`, and all fewer than the terminal's rows.
  std::string Frame(std::string_view text, const std::vector<StyledLine>& lines,
                    std::size_t columns, bool colour);

 private:
  std::string ToTextEnd(std::size_t columns) const;
  std::string Append(std::string_view text, std::size_t columns);
  // Where the text ends in its row: 0 to `columns`, where the next character wraps.
  std::size_t Column(std::size_t columns) const;

  std::size_t text_columns_ = 0;     // of the text since its last line end
  std::string last_character_;       // of the text
  std::vector<std::size_t> widths_;  // of the lines that are drawn
};

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_LIVE_REGION_H_
