#include "service/contract/json_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "service/contract/contract.h"

namespace mom {
namespace {

constexpr char kSchema[] =
    R"({"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"},
        "mail": {"type": "string", "format": "email"}}})";

Contract ContractOf(ResponseFormat::Kind kind, const std::string& json) {
  ChatRequest request;
  ResponseFormat& format = request.response_format.emplace();
  format.kind = kind;
  format.schema_json = json;
  return Detect(request);
}

Verdict VerdictOn(const Contract& contract, const std::string& answer) {
  Completion completion;
  completion.text = answer;
  return Check(contract, completion);
}

TEST(JsonAnswer, IsOneValueThatFits) {
  struct Case {
    const char* answer;
    bool usable;
    double score;
    const char* why;
  };
  const Case cases[] = {
      {R"({"n": 1})", true, 1, ""},
      {"\n {\"n\": 1, \"mail\": \"?\"}\n", true, 1, ""},
      {"```json\n{\"n\": 1}\n```", false, 0.2, "the JSON is in a fence"},
      {"```\n{\"n\": 1}```\n", false, 0.2, "the JSON is in a fence"},
      {R"({"n": "1"})", false, 0.15, "`/n`: wants a value of type integer"},
      {R"({"m": 1})", false, 0.15, "missing required property 'n'"},
      {"[1]", false, 0.15, "wants a value of type object"},
      {"```json\n{}\n```", false, 0.12, "the JSON is in a fence; missing required property 'n'"},
      {"Here it is: {\"n\": 1}", false, 0.1, "it is not one JSON value"},
      {"```json\n{\"n\": 1}\n```\nDone.", false, 0.1, "it is not one JSON value"},
      {"{\"n\": 1} {\"n\": 1}", false, 0.1, "it is not one JSON value"},
      {"{\"n\": 1", false, 0.1, "it is not one JSON value"},
      {"```json", false, 0.1, "it is not one JSON value"},
      {"", false, 0.1, "it is not one JSON value"},
  };
  const Contract contract = ContractOf(ResponseFormat::Kind::kJsonSchema, kSchema);
  ASSERT_EQ(contract.kind, ContractKind::kJsonSchema);
  for (const Case& one : cases) {
    SCOPED_TRACE(one.answer);
    const Verdict verdict = VerdictOn(contract, one.answer);
    EXPECT_EQ(verdict.usable, one.usable);
    EXPECT_DOUBLE_EQ(verdict.score, one.score);
    EXPECT_EQ(verdict.why, one.why);
    EXPECT_THAT(verdict.unchecked, ::testing::ElementsAre("`format`"));
  }
}

TEST(JsonAnswer, EndsWhereItsTextEnds) {
  const std::string cut_short("{}\0 and more", 12);
  const Contract object = ContractOf(ResponseFormat::Kind::kJsonObject, "");
  EXPECT_FALSE(VerdictOn(object, cut_short).usable);
  EXPECT_FALSE(VerdictOn(ContractOf(ResponseFormat::Kind::kJsonSchema, "{}"), cut_short).usable);
}

TEST(JsonAnswer, KnowsTheFormatsThatDemandIt) {
  using Kind = ResponseFormat::Kind;
  const std::string schema = kSchema;
  struct Case {
    Kind kind;
    std::string json;
    ContractKind contract;
  };
  const Case cases[] = {
      {Kind::kText, "", ContractKind::kNone},
      {Kind::kJsonObject, "", ContractKind::kJsonObject},
      {Kind::kJsonSchema, schema, ContractKind::kJsonSchema},
      // What is wrong with a schema is the provider's to say: the rest of it is checked.
      {Kind::kJsonSchema, R"({"type": 5, "required": ["n"]})", ContractKind::kJsonSchema},
      {Kind::kRaw, R"({"type":"json_schema","json_schema":{"name":"x","schema":)" + schema + "}}",
       ContractKind::kJsonSchema},
      {Kind::kRaw, R"({"type":"json_schema","schema":)" + schema + "}", ContractKind::kJsonSchema},
      {Kind::kRaw, R"({"type":"json_object","schema":)" + schema + "}", ContractKind::kJsonSchema},
      {Kind::kRaw, R"({"type":"json_object"})", ContractKind::kJsonObject},
      {Kind::kRaw, R"({"type":"json_schema","json_schema":{"schema":5}})",
       ContractKind::kJsonObject},
      {Kind::kRaw, R"({"type":"grammar","schema":{}})", ContractKind::kNone},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.json);
    const Contract contract = ContractOf(one.kind, one.json);
    EXPECT_EQ(contract.kind, one.contract);
    if (one.contract == ContractKind::kJsonSchema) {
      EXPECT_TRUE(VerdictOn(contract, R"({"n": 1})").usable);
      EXPECT_FALSE(VerdictOn(contract, "{}").usable);
    }
  }
}

}  // namespace
}  // namespace mom
