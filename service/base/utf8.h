// Keeps invalid bytes out of JSON and protobuf strings.
#ifndef MOM_BASE_UTF8_H_
#define MOM_BASE_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace mom {

// Whether `text` is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
bool IsValidUtf8(std::string_view text);

// `text` with each maximal ill-formed part replaced by U+FFFD (Unicode 15, section 3.9, "best
// practice"); unchanged where it is valid.
std::string ToValidUtf8(std::string text);

// Cuts `text` to at most `most` bytes, between two characters.
void CutToBytes(std::size_t most, std::string& text);

// JSON text in which each `\uD800`-style escape without its other half is replaced by `\uFFFD`, so
// that strict parsers take it; and each ill-formed byte sequence by U+FFFD.
std::string RepairJsonText(std::string text);

}  // namespace mom

#endif  // MOM_BASE_UTF8_H_
