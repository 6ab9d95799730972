#include "service/contract/exact_json.h"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <string>
#include <unordered_set>
#include <vector>

#include "service/base/json_reader.h"
#include "service/contract/json_number.h"

namespace mom {
namespace {

// The first byte of a string in the tree: of a number, or of a string that begins with a mark.
constexpr char kNumberMark = '\x01';
constexpr char kStringMark = '\x02';

// As service/base/json_reader.cc has them.
constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag |
                            rapidjson::kParseNumbersAsStringsFlag;

bool HasMark(std::string_view text) {
  return text.starts_with(kNumberMark) || text.starts_with(kStringMark);
}

// Hands the reader's events on to the tree.
class TreeBuilder {
 public:
  explicit TreeBuilder(rapidjson::Document& tree) : tree_(tree) {}

  bool Null() { return tree_.Null(); }
  bool Bool(bool value) { return tree_.Bool(value); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    const std::optional<JsonNumber> number = ReadJsonNumber({text, size});
    return number && Marked(kNumberMark, ToText(*number));
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    const std::string_view view(text, size);
    return HasMark(view) ? Marked(kStringMark, view) : tree_.String(text, size, true);
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) { return tree_.Key(text, size, true); }
  bool StartObject() { return ++depth_ <= kMaxJsonDepth && tree_.StartObject(); }
  bool StartArray() { return ++depth_ <= kMaxJsonDepth && tree_.StartArray(); }
  bool EndObject(rapidjson::SizeType size) {
    --depth_;
    return tree_.EndObject(size);
  }
  bool EndArray(rapidjson::SizeType size) {
    --depth_;
    return tree_.EndArray(size);
  }
  // Numbers come as text.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

 private:
  bool Marked(char mark, std::string_view text) {
    const std::string marked = mark + std::string(text);
    return tree_.String(marked.data(), static_cast<rapidjson::SizeType>(marked.size()), true);
  }

  rapidjson::Document& tree_;
  int depth_ = 0;
};

void KeepLastOfEachName(rapidjson::Value& value, rapidjson::MemoryPoolAllocator<>& memory) {
  if (value.IsArray()) {
    for (rapidjson::Value& item : value.GetArray()) KeepLastOfEachName(item, memory);
  }
  if (!value.IsObject()) return;
  // From the end, so that the last one comes first.
  std::unordered_set<std::string_view> seen;
  std::vector<rapidjson::SizeType> doubled;
  for (rapidjson::SizeType i = value.MemberCount(); i > 0; --i) {
    auto member = value.MemberBegin() + (i - 1);
    KeepLastOfEachName(member->value, memory);
    if (!seen.insert(ViewOf(member->name)).second) doubled.push_back(i - 1);
  }
  if (doubled.empty()) return;
  rapidjson::Value kept(rapidjson::kObjectType);
  for (rapidjson::SizeType i = 0; i < value.MemberCount(); ++i) {
    if (!doubled.empty() && doubled.back() == i) {
      doubled.pop_back();
      continue;
    }
    auto member = value.MemberBegin() + i;
    kept.AddMember(member->name, member->value, memory);
  }
  value = kept;
}

}  // namespace

std::optional<rapidjson::Document> ParseExactJson(std::string_view text) {
  // RapidJSON takes a zero byte for the end.
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  rapidjson::Document tree;
  const auto parse = [text](rapidjson::Document& into) {
    rapidjson::MemoryStream stream(text.data(), text.size());
    rapidjson::Reader reader;
    TreeBuilder builder(into);
    return !reader.Parse<kFlags>(stream, builder).IsError();
  };
  bool parsed = false;
  const auto populate = [&](rapidjson::Document& into) { return parsed = parse(into); };
  tree.Populate(populate);
  if (!parsed) return std::nullopt;
  KeepLastOfEachName(tree, tree.GetAllocator());
  return tree;
}

JsonKind KindOf(const rapidjson::Value& value) {
  if (value.IsNull()) return JsonKind::kNull;
  if (value.IsBool()) return JsonKind::kBool;
  if (value.IsArray()) return JsonKind::kArray;
  if (value.IsObject()) return JsonKind::kObject;
  return IsNumber(ViewOf(value)) ? JsonKind::kNumber : JsonKind::kString;
}

bool IsNumber(std::string_view in_tree) { return in_tree.starts_with(kNumberMark); }

std::string_view Decoded(std::string_view in_tree) {
  return HasMark(in_tree) ? in_tree.substr(1) : in_tree;
}

}  // namespace mom
