#include "service/base/yaml_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "service/base/nearest_name.h"
#include "service/base/yaml_writer.h"
#include "tests/testing/source_path.h"

namespace mom {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;

std::optional<std::string> FakeEnv(const std::string& name) {
  static const std::map<std::string, std::string> kVariables = {
      {"NUMBER", "42"},   {"YES", "true"},      {"EMPTY", ""},
      {"TIME", "3s"},     {"KEY", "sk-secret"}, {"INJECTION", "x\nadmin: true"},
      {"FLOW", "{a: 1}"}, {"LIST", "[1, 2]"}};
  const auto found = kVariables.find(name);
  return found == kVariables.end() ? std::nullopt : std::optional<std::string>(found->second);
}

std::shared_ptr<YamlDocument> ParseOk(const std::string& text) {
  auto document = YamlDocument::Parse(text, "c.yaml", FakeEnv);
  EXPECT_TRUE(document.ok()) << document.status();
  return document.ok() ? *document : nullptr;
}

// The mistakes after `read` has read the text.
template <typename Read>
std::string MistakesOf(const std::string& text, Read read) {
  const auto document = YamlDocument::Parse(text, "c.yaml", FakeEnv);
  if (!document.ok()) return MessageOf(document.status());
  YamlReader root = (*document)->Root();
  read(root);
  root.Done();
  return MessageOf((*document)->status());
}

std::string SyntaxMistakes(const std::string& text) {
  return MistakesOf(text, [](YamlReader& root) { root.Entries(); });
}

TEST(YamlReaderTest, ReadsEveryKind) {
  const auto document = ParseOk(
      "text: plain text\nnumber_text: 12\nflag: true\nint: -5\nreal: 0.5\ntime: 1.5s\nsize: 2KiB\n"
      "list: [a, \"b, c\", 3]\nnone: []\nchoice: two\nmap: {A: 1, B: x}\nlong: |\n  two\n  "
      "lines\n");
  YamlReader root = document->Root();
  std::string text, number_text, choice, multiline, absent = "default";
  bool flag = false;
  int integer = 0;
  double real = 0;
  milliseconds time{};
  std::int64_t size = 0;
  std::vector<std::string> list, none = {"default"};
  std::vector<std::pair<std::string, std::string>> map;
  std::optional<double> maybe, nothing;
  root.Read("text", text);
  root.Read("number_text", number_text);
  root.Read("flag", flag);
  root.Read("int", integer, -10, 10);
  root.Read("real", real, 0, 1);
  root.Read("real", maybe, 0, 1);
  root.Read("time", time, milliseconds(1), milliseconds(5000));
  root.ReadBytes("size", size, 0, 1 << 20);
  root.Read("list", list);
  root.Read("none", none);
  root.ReadEnum("choice", choice, {"one", "two"});
  root.Read("map", map);
  root.Read("long", multiline);
  root.Read("absent", absent);
  root.Read("absent", nothing, 0, 1);
  root.Done();
  EXPECT_TRUE(document->status().ok()) << document->status();
  EXPECT_EQ(text, "plain text");
  EXPECT_EQ(number_text, "12");
  EXPECT_TRUE(flag);
  EXPECT_EQ(integer, -5);
  EXPECT_EQ(real, 0.5);
  EXPECT_EQ(maybe, 0.5);
  EXPECT_EQ(time, milliseconds(1500));
  EXPECT_EQ(size, 2048);
  EXPECT_THAT(list, ElementsAre("a", "b, c", "3"));
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(choice, "two");
  EXPECT_THAT(map, ElementsAre(Pair("A", "1"), Pair("B", "x")));
  EXPECT_EQ(multiline, "two\nlines\n");
  EXPECT_EQ(absent, "default");
  EXPECT_FALSE(nothing.has_value());
}

TEST(YamlReaderTest, VariablesGiveNumbersFlagsAndTimes) {
  const auto document =
      ParseOk("int: ${NUMBER}\nflag: \"${YES}\"\ntime: ${TIME}\nother: ${UNSET:-0.5}\n");
  YamlReader root = document->Root();
  int integer = 0;
  bool flag = false;
  milliseconds time{};
  double other = 0;
  root.Read("int", integer, 0, 100);
  root.Read("flag", flag);
  root.Read("time", time, milliseconds(0), milliseconds(10'000));
  root.Read("other", other, 0, 1);
  EXPECT_TRUE(document->status().ok()) << document->status();
  EXPECT_EQ(integer, 42);
  EXPECT_TRUE(flag);
  EXPECT_EQ(time, milliseconds(3000));
  EXPECT_EQ(other, 0.5);
}

TEST(YamlReaderTest, AVariableCannotInjectYaml) {
  const auto document = ParseOk("a: ${INJECTION}\nb: ${FLOW}\nc: [\"${LIST}\"]\n");
  YamlReader root = document->Root();
  std::string a, b;
  std::vector<std::string> c;
  root.Read("a", a);
  root.Read("b", b);
  root.Read("c", c);
  EXPECT_EQ(a, "x\nadmin: true");
  EXPECT_EQ(b, "{a: 1}");
  EXPECT_THAT(c, ElementsAre("[1, 2]"));
  EXPECT_FALSE(root.Has("admin"));
}

TEST(YamlReaderTest, WritesJson) {
  const auto document = ParseOk(
      "extra:\n  n: 12345678901234567890\n  f: -1.5e3\n  t: true\n  z: null\n  e:\n  q: \"12\"\n"
      "  v: ${NUMBER}\n  s: text\n  i: ${FLOW}\n  o: {a: [1, \"x\\\"y\", {}], b: {}}\n  d: 1.2.3\n"
      "  l: 007\n  h: 0x10\n");
  YamlReader root = document->Root();
  std::vector<std::pair<std::string, std::string>> extra;
  root.ReadJson("extra", extra);
  EXPECT_TRUE(document->status().ok()) << document->status();
  EXPECT_THAT(
      extra, ElementsAre(Pair("n", "12345678901234567890"), Pair("f", "-1.5e3"), Pair("t", "true"),
                         Pair("z", "null"), Pair("e", "null"), Pair("q", "\"12\""), Pair("v", "42"),
                         Pair("s", "\"text\""), Pair("i", "\"{a: 1}\""),
                         Pair("o", "{\"a\":[1,\"x\\\"y\",{}],\"b\":{}}"), Pair("d", "\"1.2.3\""),
                         Pair("l", "\"007\""), Pair("h", "\"0x10\"")));
}

TEST(YamlReaderTest, ASecretWithoutItsVariableIsNoMistake) {
  const auto document = ParseOk("a: ${UNSET}\nb: ${EMPTY}\nc: ${KEY}\nd: literal\ne: ${UNSET:-}\n");
  YamlReader root = document->Root();
  Secret a, b, c, d, e("default");
  EXPECT_EQ(root.ReadSecret("a", a), "UNSET");
  EXPECT_EQ(root.ReadSecret("b", b), "EMPTY");
  EXPECT_EQ(root.ReadSecret("c", c), std::nullopt);
  EXPECT_EQ(root.ReadSecret("d", d), std::nullopt);
  EXPECT_EQ(root.ReadSecret("e", e), std::nullopt);
  EXPECT_TRUE(document->status().ok());
  EXPECT_TRUE(a.empty());
  EXPECT_EQ(c.Reveal(), "sk-secret");
  EXPECT_EQ(d.Reveal(), "literal");
  EXPECT_TRUE(e.empty());
}

TEST(YamlReaderTest, ReportsAllMistakesInTheFilesOrder) {
  const std::string mistakes =
      MistakesOf("a: x\nb:\n  c: 5\n  wrong: 1\n  d: ${UNSET}\nlist:\n  - ok\n  - {x: 1}\n",
                 [](YamlReader& root) {
                   std::vector<std::string> list;
                   root.Read("list", list);
                   EXPECT_THAT(list, ElementsAre("ok", ""));
                   YamlReader b = root.Child("b");
                   milliseconds time(7);
                   b.Read("c", time, milliseconds(0), milliseconds(10));
                   EXPECT_EQ(time, milliseconds(7));
                   std::string d = "kept";
                   b.Read("d", d);
                   EXPECT_EQ(d, "kept");
                   b.Done();
                   int a = 0;
                   root.Read("a", a, 1, 9);
                 });
  EXPECT_EQ(mistakes,
            "c.yaml:1 a: \"x\" is not a whole number; write a whole number from 1 to 9\n"
            "c.yaml:3 b.c: \"5\" has no unit; write it with ms, s, m, h or d, as in 30s\n"
            "c.yaml:4 b.wrong: unknown key; write one of c, d\n"
            "c.yaml:5 b.d: the environment variable UNSET is not set; set it, or write "
            "${UNSET:-default}\n"
            "c.yaml:8 list[1]: is a mapping; write a single value, in quotes where it has special "
            "characters");
}

TEST(YamlReaderTest, SaysWhatAKindNeeds) {
  const auto mistake = [](const std::string& text) {
    return MistakesOf(text, [](YamlReader& root) {
      bool flag = false;
      double real = 0;
      std::int64_t size = 0;
      std::string choice;
      std::vector<std::string> list;
      std::vector<std::pair<std::string, std::string>> map;
      root.Read("flag", flag);
      root.Read("real", real, 0, 2);
      root.ReadBytes("size", size, 1024, 4096);
      root.ReadEnum("choice", choice, {"one", "two"});
      root.Read("list", list);
      root.Read("map", map);
      root.Child("child").Done();
    });
  };
  EXPECT_EQ(mistake("flag: yes"),
            "c.yaml:1 flag: \"yes\" is neither true nor false; write one of the two");
  EXPECT_EQ(mistake("real: 2.1"),
            "c.yaml:1 real: \"2.1\" is out of range; write a number from 0 to 2");
  EXPECT_THAT(mistake("real: nan"), HasSubstr("is not a number"));
  EXPECT_THAT(mistake("real:"), HasSubstr("real: has no value; write one or remove the key"));
  EXPECT_THAT(mistake("size: 1MB"), HasSubstr("write a number of bytes from 1KiB to 4KiB"));
  EXPECT_THAT(mistake("choice: three"), HasSubstr("write one of one, two"));
  EXPECT_THAT(mistake("list: a"), HasSubstr("is no list; write it as [item, item]"));
  EXPECT_THAT(mistake("map: a"), HasSubstr("is no mapping"));
  EXPECT_THAT(mistake("child: a"), HasSubstr("child: is no mapping; write its keys below it"));
  EXPECT_THAT(mistake("Flag: true"), HasSubstr("unknown key; did you mean \"flag\"?"));
  EXPECT_EQ(mistake("real: 1\nflag:true"),
            "c.yaml:2 flag:true: unknown key; write \"flag: true\", with a blank behind the colon");
  EXPECT_THAT(mistake("real: ${A B}"), HasSubstr("${NAME}"));
  EXPECT_EQ(mistake("child:\nlist:\n"), "");  // nothing below it: as if it were absent
}

TEST(YamlReaderTest, AMessageNeverShowsAVariable) {
  const std::string mistakes =
      MistakesOf("a: ${KEY}\nb: ${KEY}\nc: ${KEY}\n", [](YamlReader& root) {
        int a = 0;
        std::string b;
        bool c = false;
        root.Read("a", a, 0, 1);
        root.ReadEnum("b", b, {"one"});
        root.Read("c", c);
      });
  EXPECT_THAT(mistakes, HasSubstr("${KEY}"));
  EXPECT_THAT(mistakes, Not(HasSubstr("sk-secret")));
}

TEST(YamlReaderTest, AMistakeStaysOneLine) {
  const std::string mistakes =
      MistakesOf("\"a\\nb\\x1B[31m\": 1\n", [](YamlReader& root) { root.Done(); });
  EXPECT_THAT(mistakes, StartsWith("c.yaml:1 a?b?[31m: unknown key"));
}

TEST(YamlReaderTest, ADoubledKeyIsAMistake) {
  EXPECT_EQ(SyntaxMistakes("a: {}\nb: {x: 1,\n  x: 2}\na: {}\n"),
            "c.yaml:3 b.x: is here a second time, first in line 2; remove one of the two\n"
            "c.yaml:4 a: is here a second time, first in line 1; remove one of the two");
}

TEST(YamlReaderTest, ExplainsWrongIndentation) {
  EXPECT_THAT(SyntaxMistakes("models:\n  a:\n    provider: x\n   id: y\n"),
              StartsWith("c.yaml:4 models.a.id: is indented by 3 blanks, its neighbours above by 4 "
                         "blanks; give"));
  EXPECT_THAT(SyntaxMistakes("models:\n  a:\n    provider: x\n      id: y\n"),
              StartsWith("c.yaml:4 models.a.provider.id: is indented deeper than \"provider\""));
  EXPECT_THAT(SyntaxMistakes("models:\n  a: {x: 1}\n b: {x: 2}\n"),
              StartsWith("c.yaml:3 models.b: is indented by 1 blank,"));
  EXPECT_THAT(SyntaxMistakes("  a: {}\nb: {}\n"), StartsWith("c.yaml:2: does not belong"));
  EXPECT_THAT(SyntaxMistakes("models:\n  a:\n  provider: x\n"), Not(HasSubstr("YAML")));
}

TEST(YamlReaderTest, ExplainsTabs) {
  for (const char* text : {"models:\n\ta:\n\t\tx: 1\n", "models:\n  \ta:\n", "a: {}\n\tb: {}\n"}) {
    EXPECT_THAT(SyntaxMistakes(text), StartsWith("c.yaml:2")) << text;
    EXPECT_THAT(SyntaxMistakes(text), HasSubstr("tab")) << text;
  }
}

TEST(YamlReaderTest, ExplainsOtherSyntax) {
  EXPECT_THAT(SyntaxMistakes("a: [${X}]\n"), HasSubstr("[\"${NAME}\"]"));
  EXPECT_THAT(SyntaxMistakes("a: {b: ${X}}\n"), HasSubstr("{key: \"${NAME}\"}"));
  EXPECT_THAT(SyntaxMistakes("a: {b: 1\nc: {}\n"), HasSubstr("opened with { is not closed"));
  EXPECT_THAT(SyntaxMistakes("a: b: c\n"), HasSubstr("quotes"));
  EXPECT_THAT(SyntaxMistakes("a:b\nc: d\n"), StartsWith("c.yaml:2 "));
  EXPECT_THAT(SyntaxMistakes("a: @x\n"), HasSubstr("put quotes around it"));
  EXPECT_THAT(SyntaxMistakes("a: \"\\q\"\n"), HasSubstr("backslash"));
  EXPECT_THAT(SyntaxMistakes("a: *x\n"), HasSubstr("anchor"));
  EXPECT_THAT(SyntaxMistakes("a: \"x\nb: {}\n"), HasSubstr("c.yaml:1 a: the quote is not closed"));
  EXPECT_THAT(SyntaxMistakes("b: {x: 'it''s}\n"), HasSubstr("not closed"));
  EXPECT_THAT(SyntaxMistakes("a: {}\n---\nb: {}\n"), HasSubstr("second document"));
  EXPECT_THAT(SyntaxMistakes("# comment\n, text\na: {}\n"), StartsWith("c.yaml:"));
  EXPECT_THAT(SyntaxMistakes(""), HasSubstr("is no mapping of keys; write"));
  EXPECT_THAT(SyntaxMistakes("- a\n"), HasSubstr("is no mapping of keys; write"));
  EXPECT_THAT(SyntaxMistakes("a: \xFF\n"), HasSubstr("UTF-8"));
  EXPECT_EQ(SyntaxMistakes("\xEF\xBB\xBF"
                           "a: {}\n"),
            "");
}

TEST(YamlReaderTest, BoundsAliases) {
  EXPECT_THAT(SyntaxMistakes("a: &x {b: *x}\n"), HasSubstr("aliases"));
  std::string bomb = "a0: &a0 {x: 1}\n";
  for (int i = 1; i < 30; ++i) {
    const std::string before = std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " {x: *a" + before + ", y: *a" +
            before + "}\n";
  }
  EXPECT_THAT(SyntaxMistakes(bomb), HasSubstr("aliases"));
  EXPECT_EQ(SyntaxMistakes("a: &x {b: 1}\nc: *x\n"), "");
}

TEST(YamlReaderTest, NamesTheEntriesOfAMap) {
  const auto document = ParseOk("models:\n  b: {x: 1}\n  a:\n  wrong: 5\n");
  YamlReader models = document->Root().Child("models");
  std::vector<std::string> names;
  for (auto& [name, reader] : models.Entries()) {
    names.push_back(name);
    int x = 0;
    reader.Read("x", x, 0, 9);
    reader.Done();
  }
  EXPECT_THAT(names, ElementsAre("b", "a"));
  EXPECT_THAT(MessageOf(document->status()), StartsWith("c.yaml:4 models.wrong: is not the name"));
  EXPECT_THAT(document->known_paths(), ElementsAre("models", "models.<name>.x"));
}

TEST(YamlReaderTest, LoadsAFile) {
  const auto missing = YamlDocument::Load("/nonexistent/c.yaml", FakeEnv);
  EXPECT_THAT(MessageOf(missing.status()),
              StartsWith("/nonexistent/c.yaml: cannot be read (No such file or directory); write"));
  EXPECT_FALSE(YamlDocument::Load("/tmp", FakeEnv).ok());
  const auto document = YamlDocument::Load(testing::SourcePath("config.yaml"), FakeEnv);
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ((*document)->directory() + "/config.yaml", testing::SourcePath("config.yaml"));
}

TEST(YamlWriterTest, IsReadBackAsItIs) {
  const std::string text = "quote \" colon: ${KEY} $ # \\ \n line \u20AC \x01";
  YamlWriter writer;
  writer.Begin("a.b/c:d");
  writer.Text("text", text);
  writer.Texts("list", {text, "", "x, y"});
  writer.Json("json", "{\"x\":[1,\"$\"]}");
  writer.Template("template", "${NUMBER}");
  writer.End();
  writer.Plain("plain", "5s");
  const auto document = ParseOk(writer.TakeString());
  YamlReader entry = document->Root().Child("a.b/c:d");
  std::string read, from_template;
  std::vector<std::string> list;
  std::vector<std::pair<std::string, std::string>> json;
  entry.Read("text", read);
  entry.Read("list", list);
  entry.ReadJson("json", json);
  entry.Read("template", from_template);
  EXPECT_EQ(read, text);
  EXPECT_THAT(json, ElementsAre(Pair("x", "[1,\"$\"]")));
  EXPECT_EQ(from_template, "42");
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0], text);
  EXPECT_EQ(list[2], "x, y");
}

TEST(NearestNameTest, FindsTypingMistakes) {
  const std::vector<std::string> known = {"temperature", "timeouts", "top_p", "id"};
  EXPECT_EQ(NearestName("temprature", known), "temperature");
  EXPECT_EQ(NearestName("timeout", known), "timeouts");
  EXPECT_EQ(NearestName("timoeuts", known), "timeouts");
  EXPECT_EQ(NearestName("Top_P", known), "");  // 2 edits of 5 characters
  EXPECT_EQ(NearestName("ids", known), "id");
  EXPECT_EQ(NearestName("price", known), "");
  EXPECT_EQ(NearestName("", known), "");
  EXPECT_EQ(NearestName(std::string(100'000, 'x'), known), "");
}

}  // namespace
}  // namespace mom
