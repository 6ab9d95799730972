// Lines and white space as Python's str has them: aider, whose edits are checked here, is written
// in Python. All views share the lifetime of the text they were made of. Pure.
#ifndef MOM_CONTRACT_TEXT_LINES_H_
#define MOM_CONTRACT_TEXT_LINES_H_

#include <string>
#include <string_view>
#include <vector>

namespace mom {

// The lines of a text, each without its "\n". Python also breaks lines at \r, \v, \f and some
// others: a line that ends so keeps that character (and one that ended with "\r\n" its "\r").
std::vector<std::string_view> SplitLines(std::string_view text);

// The line without what SplitLines leaves of a break.
std::string_view WithoutBreak(std::string_view line);

// Whether it ended with another break than "\n" alone.
bool EndsOddly(std::string_view line);

// Appends a line as it was in its text: with "\n", unless it ends with another break.
void AppendLine(std::string_view line, std::string& text);

// Without white space (Unicode's, as str.isspace) at the left, at the right, at both sides.
std::string_view StripLeft(std::string_view text);
std::string_view StripRight(std::string_view text);
std::string_view Strip(std::string_view text);

// Whether there is nothing but white space.
bool IsAllSpace(std::string_view text);
bool AreAllSpace(const std::vector<std::string_view>& lines);

// What opens and closes a block of code.
inline constexpr std::string_view kFence = "```";

// Whether the text is at least `least` and at most `most` times `mark`, then `rest`, and white
// space: how aider knows its markers.
bool IsMarker(std::string_view text, char mark, int least, int most, std::string_view rest);

}  // namespace mom

#endif  // MOM_CONTRACT_TEXT_LINES_H_
