#include "service/base/json_reader.h"

#include <rapidjson/document.h>
#include <rapidjson/error/error.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>

#include "service/base/json_writer.h"

namespace mom {
namespace {

using Members = std::vector<std::pair<std::string, std::string_view>>;

constexpr char kSpace[] = " \t\r\n";

// Iterative: the depth of hostile input must not become ours. Numbers stay text, so that one too
// large for a double is no error.
constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag |
                            rapidjson::kParseNumbersAsStringsFlag;

// Follows the nesting and notes where the outermost object's members lie.
class ObjectHandler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, ObjectHandler> {
 public:
  // `members` may be null.
  ObjectHandler(std::string_view text, const rapidjson::MemoryStream& stream, Members* members)
      : text_(text), stream_(stream), members_(members) {}

  bool Key(const char* name, rapidjson::SizeType size, bool) {
    if (depth_ != 1 || members_ == nullptr) return true;
    members_->emplace_back(std::string(name, size), std::string_view());
    value_begin_ = text_.find_first_not_of(kSpace, text_.find(':', stream_.Tell()) + 1);
    return true;
  }
  bool Default() { return ValueEnds(stream_.Tell()); }  // any scalar
  bool StartObject() { return Enter(); }
  bool StartArray() { return Enter(); }
  // The reader stands before the closing bracket.
  bool EndObject(rapidjson::SizeType) { return Leave(); }
  bool EndArray(rapidjson::SizeType) { return Leave(); }

 private:
  bool Enter() { return ++depth_ <= kMaxJsonDepth; }
  bool Leave() {
    --depth_;
    return ValueEnds(stream_.Tell() + 1);
  }
  bool ValueEnds(std::size_t end) {
    if (depth_ == 1 && members_ != nullptr) {
      members_->back().second = text_.substr(value_begin_, end - value_begin_);
    }
    return true;
  }

  std::string_view text_;
  const rapidjson::MemoryStream& stream_;
  Members* members_;
  int depth_ = 0;
  std::size_t value_begin_ = 0;
};

bool ParseObject(std::string_view text, Members* members) {
  const std::size_t start = text.find_first_not_of(kSpace);
  if (start == std::string_view::npos || text[start] != '{') return false;
  if (text.find('\0') != std::string_view::npos) return false;  // RapidJSON's end of the text
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  ObjectHandler handler(text, stream, members);
  return !reader.Parse<kFlags>(stream, handler).IsError();
}

}  // namespace

bool IsJsonObject(std::string_view text) { return ParseObject(text, nullptr); }

std::optional<Members> ReadJsonObject(std::string_view text) {
  Members members;
  if (!ParseObject(text, &members)) return std::nullopt;
  return members;
}

std::string_view JsonMember(std::string_view object, std::initializer_list<std::string_view> path) {
  std::string_view value = object;
  for (const std::string_view name : path) {
    Members members;
    if (!ParseObject(value, &members)) return {};
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const auto& member) { return member.first == name; });
    if (found == members.end()) return {};
    value = found->second;
  }
  return value;
}

std::string WithJsonMember(std::string_view object, std::string_view name, std::string_view json) {
  Members members;
  ParseObject(object, &members);
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const auto& member) { return member.first == name; });
  if (found != members.end()) {
    found->second = json;
  } else {
    members.emplace_back(std::string(name), json);
  }
  JsonWriter writer;
  writer.BeginObject();
  for (const auto& [key, value] : members) {
    if (!value.empty()) writer.Key(key).Raw(value);
  }
  return writer.EndObject().TakeString();
}

std::vector<std::string> ReadJsonStrings(std::string_view text) {
  rapidjson::Document document;
  document.Parse<kFlags>(text.data(), text.size());
  std::vector<std::string> strings;
  const auto add = [&](const rapidjson::Value& value) {
    if (value.IsString()) strings.emplace_back(value.GetString(), value.GetStringLength());
  };
  if (document.HasParseError()) return strings;
  if (!document.IsArray()) add(document);
  if (document.IsArray()) std::for_each(document.Begin(), document.End(), add);
  return strings;
}

}  // namespace mom
