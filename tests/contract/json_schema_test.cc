#include "service/contract/json_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "service/base/status.h"
#include "tests/testing/sanitizers.h"

namespace mom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

SchemaVerdict Check(std::string_view schema, std::string_view json) {
  const auto parsed = JsonSchema::Parse(schema);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? (*parsed)->Check(json) : SchemaVerdict();
}

std::vector<std::string> UncheckedOf(std::string_view schema) {
  const auto parsed = JsonSchema::Parse(schema);
  return parsed.ok() ? (*parsed)->unchecked()
                     : std::vector<std::string>{parsed.status().ToString()};
}

struct SchemaCase {
  std::string schema;
  std::string fits;
  std::string does_not;
};

TEST(JsonSchema, KeepsNumbersExact) {
  const SchemaCase cases[] = {
      {R"({"const": 9007199254740993})", "9007199254740993", "9007199254740992"},
      {R"({"enum": [9007199254740993]})", "9007199254740993.0", "9007199254740992"},
      {R"({"enum": [{"a": [9007199254740993]}]})", R"({"a": [9007199254740993]})",
       R"({"a": [9007199254740992]})"},
      {R"({"maximum": 9007199254740992})", "9007199254740992", "9007199254740993"},
      {R"({"minimum": 9007199254740993})", "9007199254740993", "9007199254740992"},
      {R"({"exclusiveMaximum": 9007199254740993})", "9007199254740992", "9007199254740993"},
      {R"({"exclusiveMinimum": 9007199254740992})", "9007199254740993", "9007199254740992"},
      {R"({"maximum": 9007199254740993, "exclusiveMaximum": true})", "9007199254740992",
       "9007199254740993"},
      {R"({"minimum": -9007199254740993, "exclusiveMinimum": true})", "-9007199254740992",
       "-9007199254740993"},
      {R"({"multipleOf": 9007199254740993})", "18014398509481986", "18014398509481984"},
      {R"({"multipleOf": 0.01})", "19.99", "19.995"},
      {R"({"uniqueItems": true})", "[9007199254740992, 9007199254740993]", "[1, 1.0]"},
      {R"({"type": "integer"})", "123456789012345678901234567890", "1.5"},
      {R"({"type": "integer"})", "1e2", "1e-2"},
      {R"({"maximum": 99999999999999999999})", "99999999999999999999", "100000000000000000000"},
      {R"({"const": "1"})", "\"1\"", "1"},
      {R"({"const": "\u00011"})", R"("\u00011")", "1"},
      {R"({"minItems": 2.0})", "[1, 2]", "[1]"},
      {R"({"const": 1, "enum": [1, 2]})", "1.0", "2"},
      {R"({"enum": [{"a": 1, "b": "1"}]})", R"({"b": "1", "a": 1.0})", R"({"a": 1, "b": 1})"},
  };
  for (const SchemaCase& one : cases) {
    SCOPED_TRACE(one.schema);
    EXPECT_TRUE(Check(one.schema, one.fits).fits) << one.fits;
    EXPECT_FALSE(Check(one.schema, one.does_not).fits) << one.does_not;
    EXPECT_THAT(UncheckedOf(one.schema), IsEmpty());
  }
}

TEST(JsonSchema, ReadsPatternsAsJavaScriptDoes) {
  const SchemaCase cases[] = {
      {R"({"pattern": "^a.c$"})", "\"abc\"", R"("a\nc")"},
      {R"({"pattern": "\\s"})", "\"a\xc2\xa0z\"", "\"az\""},
      {R"({"pattern": "^[\\s]+$"})", R"("\u000b\ufeff")", "\"\""},
      {R"({"pattern": "^\\S$"})", "\"\xc3\xa9\"", "\"\xc2\xa0\""},
      {R"({"pattern": "^\\u00e9$"})", "\"\xc3\xa9\"", "\"e\""},
      {R"({"pattern": "^\\/\\-$"})", "\"/-\"", "\"/\""},
      {R"({"pattern": "b"})", "\"abc\"", "\"ac\""},
      {R"({"patternProperties": {"^n": {"type": "number"}}})", R"({"n1": 1, "x": "1"})",
       R"({"n1": "1"})"},
      {R"({"patternProperties": {"^n": {"maximum": 5}}, "properties": {"n1": {"minimum": 2}},
           "additionalProperties": false})",
       R"({"n1": 3, "n2": 1})", R"({"n1": 1})"},
      {R"({"patternProperties": {"^n": true}, "additionalProperties": {"type": "null"}})",
       R"({"n": 1, "x": null})", R"({"x": 1})"},
      {R"({"propertyNames": {"pattern": "^[a-z]+$"}})", R"({"ab": 1})", R"({"a b": 1})"},
  };
  for (const SchemaCase& one : cases) {
    SCOPED_TRACE(one.schema);
    EXPECT_TRUE(Check(one.schema, one.fits).fits) << one.fits;
    EXPECT_FALSE(Check(one.schema, one.does_not).fits) << one.does_not;
    EXPECT_THAT(UncheckedOf(one.schema), IsEmpty());
  }
}

TEST(JsonSchema, TellsWhereItDoesNotFit) {
  const SchemaVerdict verdict = Check(
      R"({"type": "object", "required": ["b"], "additionalProperties": false,
          "properties": {"a": {"items": {"type": "integer", "maximum": 5}},
                         "c": {"enum": [1, 2]}, "d": {"$ref": "#/properties/a/items"}}})",
      R"({"a": [1, "x", 7], "c": 3, "d": 6.5})");
  EXPECT_TRUE(verdict.is_json);
  EXPECT_FALSE(verdict.fits);
  EXPECT_THAT(verdict.violations,
              ElementsAre("`/a/1`: wants a value of type integer", "`/a/2`: wants at most 5",
                          "`/c`: wants one of the values that are allowed",
                          "`/d`: wants a value of type integer", "missing required property 'b'"));
  EXPECT_THAT(Check("false", "1").violations, ElementsAre("the value does not fit"));
  const SchemaVerdict no_json = Check("{}", "{} and more");
  EXPECT_FALSE(no_json.is_json);
  EXPECT_FALSE(no_json.fits);
}

TEST(JsonSchema, TellsNothingOfTheAnswersContent) {
  for (const char* schema :
       {R"({"additionalProperties": false})", R"({"additionalProperties": {"type": "null"}})",
        R"({"patternProperties": {"^": {"pattern": "^[0-9]+$"}}})",
        R"({"propertyNames": {"maxLength": 2}})"}) {
    const SchemaVerdict verdict = Check(schema, R"({"secret": "secret"})");
    ASSERT_FALSE(verdict.violations.empty()) << schema;
    for (const std::string& violation : verdict.violations) {
      EXPECT_THAT(violation, Not(HasSubstr("secret"))) << schema;
    }
  }
}

TEST(JsonSchema, BoundsWhatItTells) {
  const SchemaVerdict verdict =
      Check(R"({"items": {"type": "null"}, "minProperties": 1})", R"([1,"x",2,3,4,5,6])");
  EXPECT_EQ(verdict.violations.size(), 5U);
  const std::string name(100'000, 'n');
  const SchemaVerdict named = Check(R"({"additionalProperties": false})", "{\"" + name + "\": 1}");
  ASSERT_EQ(named.violations.size(), 1U);
  EXPECT_LE(named.violations[0].size(), 303U);
}

TEST(JsonSchema, TellsWhatItDoesNotCheck) {
  struct Unchecked {
    const char* schema;
    const char* keyword;
    const char* fits;  // what could be wrong, but cannot be judged
  };
  const Unchecked cases[] = {
      {R"({"format": "email"})", "`format`", "\"x\""},
      {R"({"contentEncoding": "base64"})", "`contentEncoding`", "\"?\""},
      {R"({"$ref": "http://example.com/x.json"})", "`$ref http://example.com/x.json`", "1"},
      {R"({"$ref": "#/definitions/none"})", "`$ref #/definitions/none`", "1"},
      {R"({"$ref": 5})", "`$ref `", "1"},
      {R"({"unevaluatedProperties": false})", "`unevaluatedProperties`", "{\"a\": 1}"},
      {R"({"dependentSchemas": {"a": false}})", "`dependentSchemas`", "{\"a\": 1}"},
      {R"({"prefixItems": [false], "items": false})", "`prefixItems`", "[1, 2]"},
      {R"({"$dynamicRef": "#x"})", "`$dynamicRef`", "1"},
      {R"({"minContains": 0, "contains": false})", "`minContains`", "[]"},
      {R"({"type": "string", "nullable": true})", "`nullable`", "null"},
      {R"({"pattern": "(?=a)b"})", "`pattern`", "\"c\""},
      {R"({"pattern": "(a)\\1"})", "`pattern`", "\"c\""},
      {R"({"pattern": "a{1,100000}"})", "`pattern`", "\"c\""},
      {R"({"pattern": "["})", "`pattern`", "\"c\""},
      {R"({"pattern": "\\A"})", "`pattern`", "\"c\""},
      {R"({"pattern": "(?i)a"})", "`pattern`", "\"c\""},
      {R"({"pattern": "[[:alpha:]]"})", "`pattern`", "\"1\""},
      {R"j({"patternProperties": {"(?!a)": false}, "additionalProperties": false})j",
       "`patternProperties`", "{\"b\": 1}"},
      {R"({"type": 5})", "`type`", "1"},
      {R"({"type": ["string", "text"]})", "`type`", "1"},
      {R"({"maximum": "5"})", "`maximum`", "6"},
      {R"({"multipleOf": 0})", "`multipleOf`", "6"},
      {R"({"multipleOf": 1234567890123456789})", "`multipleOf`", "6"},
      {R"({"minItems": -1})", "`minItems`", "[]"},
      {R"({"enum": 5})", "`enum`", "6"},
      {R"({"required": "a"})", "`required`", "{}"},
      {R"({"properties": []})", "`properties`", "{}"},
      {R"({"items": 5})", "`a schema that is none`", "[1]"},
      {R"({"allOf": []})", "`allOf`", "1"},
      {R"({"required": ["a\u0000b"]})", "`required`", "{}"},
      // Less in these would let fewer values fit.
      {R"({"not": {"format": "email"}})", "`not`", "\"x\""},
      {R"({"not": {"properties": {"a": {"format": "email"}}}})", "`not`", R"({"a": "x"})"},
      {R"({"not": {"patternProperties": {"a": {"format": "email"}}}})", "`not`", R"({"a": "x"})"},
      {R"({"properties": {"a\u0000": {}}, "additionalProperties": false})", "`properties`",
       R"({"b": 1})"},
      {R"({"oneOf": [{"format": "email"}, {"type": "string"}]})", "`oneOf`", "\"x\""},
      {R"({"if": {"format": "email"}, "then": false})", "`if`", "\"x\""},
      {R"({"not": {"$ref": "#/definitions/a"}, "definitions": {"a": {"format": "email"}}})",
       "`not`", "\"x\""},
      {R"({"$ref": "#/definitions/a", "maxLength": 1, "definitions": {"a": true}})", "`maxLength`",
       "\"abc\""},
  };
  for (const Unchecked& one : cases) {
    SCOPED_TRACE(one.schema);
    const SchemaVerdict verdict = Check(one.schema, one.fits);
    EXPECT_TRUE(verdict.fits);
    EXPECT_THAT(verdict.unchecked, ::testing::Contains(one.keyword));
  }
}

TEST(JsonSchema, ChecksTheRestOfWhatItDoesNotCheck) {
  EXPECT_FALSE(Check(R"({"format": "email", "maxLength": 2})", "\"abc\"").fits);
  EXPECT_FALSE(
      Check(R"({"oneOf": [{"format": "email", "type": "string"}, {"type": "null"}]})", "1").fits)
      << "it is still one of them";
  EXPECT_THAT(UncheckedOf(R"({"title": "t", "description": "d", "default": 1, "examples": [2],
                              "$schema": "x", "$comment": "c", "readOnly": true, "x-own": 1,
                              "$defs": {"a": {"format": "email"}}})"),
              IsEmpty());
}

TEST(JsonSchema, FollowsReferences) {
  const SchemaCase cases[] = {
      {R"({"$ref": "#/$defs/a", "$defs": {"a": {"type": "string"}}})", "\"x\"", "1"},
      {R"({"properties": {"next": {"$ref": "#"}}, "additionalProperties": false})",
       R"({"next": {"next": {}}})", R"({"next": {"next": {"x": 1}}})"},
      {R"({"items": {"$ref": "#/definitions/a~1b%25"}, "definitions": {"a/b%": {"type": "null"}}})",
       "[null]", "[1]"},
      {R"({"$id": "http://example.com/root.json", "items": {"$ref": "item.json#/definitions/x"},
           "definitions": {"i": {"$id": "item.json", "definitions": {"x": {"minimum": 3}}}}})",
       "[3]", "[2]"},
      {R"({"id": "http://example.com/root.json", "items": {"$ref": "/sub/item.json"},
           "definitions": {"i": {"id": "sub/", "allOf": [{"id": "item.json", "minimum": 3}]}}})",
       "[3]", "[2]"},
      {R"({"items": {"$ref": "#here"}, "definitions": {"i": {"$id": "#here", "minimum": 3}}})",
       "[3]", "[2]"},
      {R"({"propertyNames": {"$ref": "#/definitions/short"},
           "definitions": {"short": {"maxLength": 2}}})",
       R"({"ab": 1})", R"({"abc": 1})"},
  };
  for (const SchemaCase& one : cases) {
    SCOPED_TRACE(one.schema);
    EXPECT_TRUE(Check(one.schema, one.fits).fits) << one.fits;
    EXPECT_FALSE(Check(one.schema, one.does_not).fits) << one.does_not;
    EXPECT_THAT(UncheckedOf(one.schema), IsEmpty());
  }
}

TEST(JsonSchema, IsNoSchema) {
  for (const char* text : {"", "5", "[]", "\"x\"", "{", "{} {}"}) {
    EXPECT_EQ(JsonSchema::Parse(text).status().code(), StatusCode::kInvalidArgument) << text;
  }
  EXPECT_TRUE(Check("true", "1").fits);
}

TEST(JsonSchema, OutlivesItsText) {
  auto text = std::make_unique<std::string>(R"({"pattern": "^a{10}$", "enum": ["aaaaaaaaaa"]})");
  const auto schema = JsonSchema::Parse(*text);
  text.reset();
  EXPECT_TRUE((*schema)->Check("\"aaaaaaaaaa\"").fits);
  EXPECT_FALSE((*schema)->Check("\"aaaaaaaaab\"").fits);
}

TEST(JsonSchema, ServesManyThreads) {
  const auto schema = JsonSchema::Parse(R"({"items": {"$ref": "#/d"}, "d": {"maximum": 5}})");
  std::vector<int> wrong(4);
  std::vector<std::thread> threads;
  for (int& count : wrong) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        count += (*schema)->Check("[1, 2, 3]").fits ? 0 : 1;
        count += (*schema)->Check("[1, 6, 3]").fits ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(wrong, ElementsAre(0, 0, 0, 0));
}

// What would run for ever, or off the stack.
TEST(JsonSchema, EndsWithHostileSchemas) {
  const std::string loop = R"({"$ref": "#"})";
  const std::string long_loop =
      R"({"allOf": [{"$ref": "#/definitions/b"}],
          "definitions": {"b": {"anyOf": [{"$ref": "#/definitions/c"}]}, "c": {"$ref": "#"}}})";
  std::string doubling = R"({"$ref": "#/definitions/0", "definitions": {)";
  std::string chain = doubling;
  for (int i = 0; i < 60; ++i) {
    const std::string next = R"({"$ref": "#/definitions/)" + std::to_string(i + 1) + "\"}";
    doubling += "\"" + std::to_string(i) + R"(": {"allOf": [)" + next + "," + next + "]},";
  }
  doubling += R"("60": {"type": "number"}}})";
  for (int i = 0; i < 1'500; ++i) {
    chain += "\"" + std::to_string(i) + R"(": {"$ref": "#/definitions/)" + std::to_string(i + 1) +
             "\"},";
  }
  chain += R"("1500": {"type": "number"}}})";
  for (const std::string& schema : {loop, long_loop, doubling, chain}) {
    SCOPED_TRACE(schema.substr(0, 60));
    const SchemaVerdict verdict = Check(schema, "1");
    EXPECT_TRUE(verdict.fits);
    EXPECT_THAT(verdict.unchecked, ElementsAre("a value that takes too long to check"));
  }
  EXPECT_THAT(UncheckedOf("{\"title\": \"" + std::string(2'000'000, 'x') + "\"}"),
              ElementsAre("a schema of more than 1 MiB"));
  std::string wide = R"({"properties": {)";
  for (int i = 0; i < 30'000; ++i) wide += "\"" + std::to_string(i) + "\": {},";
  EXPECT_THAT(UncheckedOf(wide + R"("x": {}}})"), ElementsAre("`more than 10000 schemas`"));
  EXPECT_FALSE(JsonSchema::Parse(std::string(100'000, '[')).ok());
}

// `count` times what `one` makes of a number, with commas between.
template <typename One>
std::string List(int count, One one) {
  std::string list;
  for (int i = 0; i < count; ++i) list += (i == 0 ? "" : ",") + one(std::to_string(i));
  return list;
}

std::string Itself(const std::string& number) { return number; }

TEST(JsonSchema, BoundsWhatItSaysOfItsOwnGaps) {
  const auto keyword = [](const std::string& number) { return "\"kw" + number + "\": 1"; };
  const std::vector<std::string> unchecked = UncheckedOf("{" + List(60'000, keyword) + "}");
  ASSERT_EQ(unchecked.size(), 21U);
  EXPECT_EQ(unchecked.front(), "`kw0`");
  EXPECT_EQ(unchecked.back(), "other keywords");
  const auto longest = UncheckedOf("{\"" + std::string(100'000, 'k') + "\": 1}");
  ASSERT_EQ(longest.size(), 1U);
  EXPECT_EQ(longest[0].size(), 202U);
  // Each makes a megabyte of RE2's.
  const auto pattern = [](const std::string& number) {
    return R"({"pattern": "(a|b|c){1,300})" + number + "\"}";
  };
  EXPECT_THAT(UncheckedOf("{\"allOf\": [" + List(20, pattern) + "]}"), IsEmpty());
  EXPECT_THAT(UncheckedOf("{\"allOf\": [" + List(9'000, pattern) + "]}"), ElementsAre("`pattern`"));
}

// A schema and a value that are each harmless, and whose product would take minutes.
TEST(JsonSchema, EndsWithHostilePairs) {
  const std::string numbers = "[" + List(testing::Large(100'000), Itself) + "]";
  EXPECT_TRUE(Check(R"({"items": {"enum": )" + numbers + "}}", numbers).fits);
  EXPECT_FALSE(
      Check(R"({"items": {"enum": )" + numbers + "}}", "[" + List(9, Itself) + ",-1]").fits);
  const auto name = [](const std::string& number) { return "\"k" + number + "\""; };
  const auto member = [&](const std::string& number) { return name(number) + ":1"; };
  const std::string object = "{" + List(testing::Large(60'000), member) + "}";
  const std::string required = R"({"required": [)" + List(testing::Large(60'000), name) + ",";
  EXPECT_TRUE(Check(required + name("1") + "]}", object).fits);
  EXPECT_FALSE(Check(required + name("x") + "]}", object).fits);
  const std::string text = "\"" + std::string(900'000, 'a') + "\"";
  const std::pair<std::string, std::string> costly[] = {
      {R"("uniqueItems": true)", numbers},           {R"("required": ["k1"])", object},
      {R"("additionalProperties": true)", object},   {R"("pattern": "(a|b)*")", text},
      {R"("dependencies": {"k1": ["k2"]})", object}, {R"("not": {"enum": [[]]})", numbers}};
  for (const auto& [keyword, value] : costly) {
    SCOPED_TRACE(keyword);
    const auto schema = [&keyword](const std::string&) { return "{" + keyword + "}"; };
    const std::string all = R"({"allOf": [)" + List(testing::Large(4'000), schema) + "]}";
    const SchemaVerdict verdict = Check(all, value);
    EXPECT_TRUE(verdict.fits);
    EXPECT_THAT(verdict.unchecked, ElementsAre("a value that takes too long to check"));
  }
}

TEST(JsonSchema, EndsWithHostileValues) {
  EXPECT_FALSE(Check("{}", std::string(1'000'000, '[')).is_json);
  // std::regex overflows the stack on the first and takes for ever for the second.
  EXPECT_TRUE(Check(R"({"pattern": "^(a|b)*$"})", "\"" + std::string(1'000'000, 'a') + "\"").fits);
  EXPECT_FALSE(Check(R"({"pattern": "^(a+)+$"})", "\"" + std::string(100'000, 'a') + "!\"").fits);
  std::string many = "[0";
  for (int i = 1; i < 30'000; ++i) many += "," + std::to_string(i);
  EXPECT_TRUE(Check(R"({"uniqueItems": true})", many + "]").fits);
  EXPECT_FALSE(Check(R"({"uniqueItems": true})", many + ",0]").fits);
  // A tree as deep as JSON may be here, through a reference at each level.
  const std::string deep = std::string(60, '[') + "1" + std::string(60, ']');
  const std::string tree = R"({"anyOf": [{"type": "number"}, {"items": {"$ref": "#"}}]})";
  EXPECT_TRUE(Check(tree, deep).fits);
  EXPECT_THAT(Check(tree, deep).unchecked, IsEmpty());
  EXPECT_FALSE(Check(R"({"items": {"$ref": "#"}, "type": "array"})", deep).fits);
}

}  // namespace
}  // namespace mom
