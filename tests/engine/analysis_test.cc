#include "service/engine/analysis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mom {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Analysis, IsReadAndWrittenAsCompactJson) {
  const std::string json =
      R"({"consensus":["both say Paris"],"conflicts":[],"unique":["A has a date"],)"
      R"("blind_spots":["no source"],"best":"A"})";
  const auto analysis = ReadAnalysis(json);
  ASSERT_TRUE(analysis);
  EXPECT_THAT(analysis->consensus, ElementsAre("both say Paris"));
  EXPECT_THAT(analysis->conflicts, IsEmpty());
  EXPECT_THAT(analysis->blind_spots, ElementsAre("no source"));
  EXPECT_EQ(analysis->best, "A");
  EXPECT_EQ(ToJson(*analysis), json);
}

TEST(Analysis, WhateverStandsAroundItOrIsStrangeInItIsLeftOut) {
  const auto analysis = ReadAnalysis(
      "Here it is:\n```json\n{\"conflicts\": \"only one\", \"unique\": [1.5, {\"a\": {}}, \"\", "
      "\"kept\"], \"score\": 7, \"best\": \"the second one\"}\n```\nDone.");
  ASSERT_TRUE(analysis);
  EXPECT_THAT(analysis->conflicts, ElementsAre("only one"));
  EXPECT_THAT(analysis->unique, ElementsAre("1.5", "kept"));
  EXPECT_THAT(analysis->best, IsEmpty()) << "that is no label";
}

TEST(Analysis, WhatSaysNothingIsNone) {
  for (const char* answer : {"", "no", "}{", "{}", "{\"best\": \"A\"}", "{\"consensus\": []}",
                             "{\"consensus\": [\"x\"", "[\"x\"]", "{\"agreed\": [\"x\"]}"}) {
    EXPECT_FALSE(ReadAnalysis(answer)) << answer;
  }
}

TEST(Analysis, IsBoundedInNumberAndLengthBetweenCharacters) {
  std::string long_point;
  while (long_point.size() < 100'000) long_point += "x\xc3\xa9";
  std::string points;
  for (int i = 0; i < 1000; ++i)
    points += (i > 0 ? ",\"" : "\"") + long_point.substr(0, 3000) + "\"";
  const auto analysis = ReadAnalysis("{\"unique\": [" + points + "]}");
  ASSERT_TRUE(analysis);
  EXPECT_THAT(analysis->unique, SizeIs(8));
  EXPECT_LT(ToJson(*analysis).size(), 4000u);
  EXPECT_TRUE(ReadAnalysis(ToJson(*analysis))) << "it is still JSON";
}

}  // namespace
}  // namespace mom
