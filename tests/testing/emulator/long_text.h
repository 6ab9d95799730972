// Bytes that may be many more than one would want to hold.
#ifndef MOM_TESTS_TESTING_EMULATOR_LONG_TEXT_H_
#define MOM_TESTS_TESTING_EMULATOR_LONG_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mom::testing {

// A text, parts of which are repeated: LongText("data: ").Add("x", 64 << 20). A value.
class LongText {
 public:
  // `bytes`, so many times.
  struct Part {
    std::string bytes;
    std::int64_t times = 1;
  };

  LongText() = default;
  LongText(std::string_view text) { Add(text); }                    // NOLINT: a text is one.
  LongText(const std::string& text) { Add(text); }                  // NOLINT: the same
  LongText(const char* text) : LongText(std::string_view(text)) {}  // NOLINT: the same

  // Appends `text`, `times` times. It is kept in blocks of up to 256 KiB, each of which makes a
  // write, and as a plain text where it is no larger than that.
  LongText& Add(std::string_view text, std::int64_t times = 1);

  std::int64_t size() const;
  // All of it.
  std::string ToString() const;
  // None is empty; no two that are not repeated are neighbours.
  const std::vector<Part>& parts() const { return parts_; }

 private:
  void Append(std::string bytes, std::int64_t times);

  std::vector<Part> parts_;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_LONG_TEXT_H_
