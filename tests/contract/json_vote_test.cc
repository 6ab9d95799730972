#include "service/contract/json_vote.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "service/contract/canonical_json.h"
#include "tests/testing/sanitizers.h"

namespace mom {
namespace {

JsonVote Vote(const std::vector<std::string_view>& texts, std::string_view schema = "{}") {
  return VoteOnJson(texts, **JsonSchema::Parse(schema));
}

struct VoteCase {
  std::vector<std::string_view> texts;
  JsonAgreement agreement;
  std::string text;
};

// {"o":{"o":... {"a":A,"b":B} ...}}, so many objects deep.
std::string Nested(int levels, int a, int b) {
  std::string text = R"({"a":)" + std::to_string(a) + R"(,"b":)" + std::to_string(b) + "}";
  for (int i = 1; i < levels; ++i) text = R"({"o":)" + text + "}";
  return text;
}

TEST(VoteOnJson, FarDownObjectsAreComparedAsWholes) {
  for (const int levels : {16, 17}) {
    const std::string texts[] = {Nested(levels, 1, 1), Nested(levels, 1, 2), Nested(levels, 3, 2)};
    const JsonVote vote = Vote({texts[0], texts[1], texts[2]});
    EXPECT_EQ(vote.text, levels == 16 ? Nested(levels, 1, 2) : texts[0]);
  }
}

TEST(VoteOnJson, OfManyFieldsIsTakenInOneGo) {
  constexpr int kFields = testing::Large(100'000);
  const auto object = [](int value) {
    std::string text = "{";
    for (int i = 0; i < kFields; ++i) {
      text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":" + std::to_string(value);
    }
    return text + "}";
  };
  const std::string first = object(1), others = object(2);
  EXPECT_EQ(Vote({first, others, others}).text, others);
}

TEST(VoteOnJson, CountsANumberThatNobodyReadsByItsText) {
  const std::string_view odd = R"({"a":1e-99999999999})";
  EXPECT_EQ(Vote({R"({"a":1})", R"({"a":1})", odd}).text, R"({"a":1})");
  EXPECT_EQ(Vote({R"({"a":1})", odd, odd}).agreement, JsonAgreement::kBest)
      << "the schema's check cannot read it";
  EXPECT_EQ(Vote({odd, odd}).agreement, JsonAgreement::kSame);
  EXPECT_EQ(Vote({odd, R"({"a":1e-99999999998})"}).agreement, JsonAgreement::kBest);
}

TEST(VoteOnJson, TakesTheMajorityInEachField) {
  const VoteCase cases[] = {
      // All the same: the best one's bytes.
      {{R"( {"a": 1.0} )", R"({"a":1})"}, JsonAgreement::kSame, R"( {"a": 1.0} )"},
      {{R"({"b":2,"a":1})", R"({"a":1,"b":2})", R"({"a":1e0,"b":2})"},
       JsonAgreement::kSame,
       R"({"b":2,"a":1})"},
      // Two that differ have no majority.
      {{R"({"a":1})", R"({"a":2})"}, JsonAgreement::kBest, R"({"a":1})"},
      // Each field by itself, in the best one's text.
      {{R"({ "a": 1, "b": 2,  "c": 9 })", R"({"a":1,"b":3,"c":4})", R"({"a":7,"b":3,"c":4})"},
       JsonAgreement::kMerged,
       R"({ "a": 1, "b": 3,  "c": 4 })"},
      {{R"({"x":{"a":1,"b":[1,2]}})", R"({"x":{"a":2,"b":[1, 2.0]}})",
        R"({"x":{"a":2,"b":[2,1]}})"},
       JsonAgreement::kMerged,
       R"({"x":{"a":2,"b":[1,2]}})"},
      // A tie is the better one's.
      {{R"({"a":1,"b":1})", R"({"a":2,"b":5})", R"({"a":3,"b":5})"},
       JsonAgreement::kMerged,
       R"({"a":1,"b":5})"},
      {{R"({"a":1})", R"({"a":2})", R"({"a":3})"}, JsonAgreement::kBest, R"({"a":1})"},
      // What most do not have goes, what most have comes.
      {{R"({"a": 1, "b": 2})", R"({"a":1})", R"({"a":1})"}, JsonAgreement::kMerged, R"({"a":1})"},
      {{R"({"a": 1})", R"({"a":1,"b":[ 2 ]})", R"({"a":1,"b":[2]})"},
       JsonAgreement::kMerged,
       R"({"a":1,"b":[ 2 ]})"},
      // Objects are one choice beside other values.
      {{R"({"a":null})", R"({"a":{"x":1}})", R"({"a":{"x":2}})"},
       JsonAgreement::kMerged,
       R"({"a":{"x":1}})"},
      {{R"({"a":{"x":1}})", R"({"a":null})", R"({"a":null})"},
       JsonAgreement::kMerged,
       R"({"a":null})"},
      // Numbers count exactly, and strings by what they mean.
      {{R"({"a":9007199254740992})", R"({"a":9007199254740993})", R"({"a":9007199254740993.0})"},
       JsonAgreement::kMerged,
       R"({"a":9007199254740993})"},
      {{R"({"a":"1"})", R"({"a":1})", R"({"a":"\u0031"})"}, JsonAgreement::kBest, R"({"a":"1"})"},
      {{"[1]", "[2]", " [2] "}, JsonAgreement::kMerged, "[2]"},
      {{R"({"a":1,"a":2})", R"({"a":3})", R"({"a":3})"}, JsonAgreement::kMerged, R"({"a":3})"},
      {{R"({"\"\n":1})", R"({"\"\n":2})", R"({"\"\n":2,"c":0})"},
       JsonAgreement::kMerged,
       R"({"\"\n":2})"},
      {{R"({})", R"({"q\"":1})", R"({"q\"":1})"}, JsonAgreement::kMerged, R"({"q\"":1})"},
  };
  for (const VoteCase& one : cases) {
    SCOPED_TRACE(one.texts[0]);
    const JsonVote vote = Vote(one.texts);
    EXPECT_EQ(vote.agreement, one.agreement);
    EXPECT_EQ(vote.text, one.text);
  }
}

TEST(VoteOnJson, GivesTheBestWhereTheMajorityDoesNotFit) {
  const std::string_view schema = R"({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]})";
  // Each of both has a majority.
  const std::vector<std::string_view> texts = {R"({"a":1,"c":0})", R"({"b":1,"c":1})",
                                               R"({"a":1,"b":1,"c":1})"};
  const JsonVote vote = Vote(texts, schema);
  EXPECT_EQ(vote.agreement, JsonAgreement::kBest);
  EXPECT_EQ(vote.text, texts[0]);
}

TEST(VoteOnJson, OfEveryThreeFitsAndHoldsTheMajority) {
  const std::string schema =
      R"({"type": "object", "required": ["a"], "additionalProperties": false,
          "properties": {"a": {"enum": [0, 1, 2]}, "b": {"enum": [0, 1, 2]}}})";
  const auto parsed = *JsonSchema::Parse(schema);
  std::vector<std::string> all;
  for (int a = 0; a < 3; ++a) {
    all.push_back("{\"a\":" + std::to_string(a) + "}");
    for (int b = 0; b < 3; ++b) {
      all.push_back("{\"a\":" + std::to_string(a) + ",\"b\":" + std::to_string(b) + "}");
    }
  }
  for (const std::string& x : all) {
    for (const std::string& y : all) {
      for (const std::string& z : all) {
        const JsonVote vote = VoteOnJson({x, y, z}, *parsed);
        EXPECT_TRUE(parsed->Check(vote.text).fits) << x << y << z;
        if (y == z) {
          EXPECT_EQ(CanonicalJson(vote.text), CanonicalJson(y)) << x;
        }
      }
    }
  }
}

}  // namespace
}  // namespace mom
