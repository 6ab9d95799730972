#include "service/base/yaml_writer.h"

#include "service/base/json_writer.h"

namespace mom {
namespace {

// A JSON string is a double-quoted scalar of YAML.
std::string Quoted(std::string_view text) { return JsonWriter().String(text).TakeString(); }

std::string EscapeDollars(std::string_view text) {
  std::string out;
  for (char c : text) out.append(c == '$' ? 2 : 1, c);
  return out;
}

bool IsPlainKey(std::string_view key) {
  return key.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
             std::string_view::npos &&
         !key.empty() && key[0] != '-';
}

}  // namespace

void YamlWriter::Line(std::string_view key, std::string_view value) {
  out_.append(static_cast<std::size_t>(depth_) * 2, ' ');
  out_.append(IsPlainKey(key) ? std::string(key) : Quoted(key)).append(":");
  if (!value.empty()) out_.append(" ").append(value);
  out_.append("\n");
}

void YamlWriter::Begin(std::string_view key) {
  Line(key, "");
  ++depth_;
}

void YamlWriter::Plain(std::string_view key, std::string_view value) { Line(key, value); }

void YamlWriter::Comment(std::string_view text) {
  out_.append(static_cast<std::size_t>(depth_) * 2, ' ').append("# ").append(text).append("\n");
}

void YamlWriter::Text(std::string_view key, std::string_view value) {
  Template(key, EscapeDollars(value));
}

void YamlWriter::Texts(std::string_view key, const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) {
    list.append(list.empty() ? "" : ", ").append(Quoted(EscapeDollars(value)));
  }
  Line(key, "[" + list + "]");
}

void YamlWriter::Json(std::string_view key, std::string_view json) {
  Line(key, EscapeDollars(json));  // a `$` can only be inside its strings
}

void YamlWriter::Template(std::string_view key, std::string_view value) {
  Line(key, Quoted(value));
}

}  // namespace mom
