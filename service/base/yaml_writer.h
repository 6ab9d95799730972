// Writes YAML that MoM's own reader takes.
#ifndef MOM_BASE_YAML_WRITER_H_
#define MOM_BASE_YAML_WRITER_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mom {

// Mappings in block style, two blanks a level, everything else in the style of JSON on one line.
// Calls come in the order of the file. Not thread-safe.
class YamlWriter {
 public:
  void Begin(std::string_view key);
  void End() { --depth_; }
  // A value that needs no quotes: a number, a duration, true or false.
  void Plain(std::string_view key, std::string_view value);
  // A line for people. `text` has no line break.
  void Comment(std::string_view text);
  // Text, quoted, so that it is read back as it is: also a `${`.
  void Text(std::string_view key, std::string_view value);
  void Texts(std::string_view key, const std::vector<std::string>& values);
  // A JSON value.
  void Json(std::string_view key, std::string_view json);
  // Quoted text in which variables stay variables.
  void Template(std::string_view key, std::string_view value);

  std::string TakeString() { return std::move(out_); }

 private:
  void Line(std::string_view key, std::string_view value);
  int depth_ = 0;
  std::string out_;
};

}  // namespace mom

#endif  // MOM_BASE_YAML_WRITER_H_
