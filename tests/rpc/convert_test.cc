// Requests that are wrong, and what becomes of those that are right.
#include "service/rpc/convert.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>

#include <cmath>
#include <functional>
#include <limits>

namespace mom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::StartsWith;

v1::SynthesizeRequest Good() {
  v1::SynthesizeRequest request;
  v1::Message& message = *request.mutable_input()->add_messages();
  message.set_role(v1::ROLE_USER);
  message.add_content()->set_text("Hello");
  return request;
}

struct WrongCase {
  const char* field;
  // Merged into the good request, as text.
  const char* text;
};

class WrongRequest : public ::testing::TestWithParam<WrongCase> {};

TEST_P(WrongRequest, NamesItsField) {
  v1::SynthesizeRequest request = Good();
  ASSERT_TRUE(google::protobuf::TextFormat::MergeFromString(GetParam().text, &request));
  const StatusOr<RunRequest> converted = ToRunRequest(request);
  EXPECT_EQ(converted.status().code(), StatusCode::kInvalidArgument) << converted.status();
  EXPECT_EQ(GetErrorInfo(converted.status()).field, GetParam().field);
  EXPECT_EQ(GetErrorInfo(converted.status()).reason, "INVALID_ARGUMENT");
  EXPECT_THAT(MessageOf(converted.status()),
              StartsWith(std::string("`") + GetParam().field + "` must "));
}

INSTANTIATE_TEST_SUITE_P(
    Table, WrongRequest,
    ::testing::Values(
        WrongCase{"input.messages[1].role", "input {messages {}}"},
        WrongCase{"input.messages[1].content[0]", "input {messages {role: ROLE_USER content {}}}"},
        WrongCase{"input.messages[1].content[1].image.url",
                  "input {messages {role: ROLE_USER content {text: 'x'} content {image {}}}}"},
        WrongCase{"input.messages[1].content[0].audio.data",
                  "input {messages {role: ROLE_USER content {audio {format: 'wav'}}}}"},
        WrongCase{"input.messages[1].content[0].file",
                  "input {messages {role: ROLE_USER content {file {filename: 'x'}}}}"},
        WrongCase{"input.messages[1].content[0].raw_json",
                  "input {messages {role: ROLE_USER content {raw_json: '[1]'}}}"},
        WrongCase{"input.messages[1].tool_calls[0]",
                  "input {messages {role: ROLE_ASSISTANT tool_calls {id: 'x'}}}"},
        WrongCase{"input.messages[1].tool_calls[0].function.name",
                  "input {messages {role: ROLE_ASSISTANT tool_calls {function {}}}}"},
        WrongCase{"input.messages[1].tool_calls[0].raw_json",
                  "input {messages {role: ROLE_ASSISTANT tool_calls {raw_json: '{'}}}"},
        WrongCase{"input.messages[1].tool_call_id",
                  "input {messages {role: ROLE_TOOL content {text: 'x'}}}"},
        WrongCase{"input.messages[1].name", "input {messages {role: ROLE_FUNCTION}}"},
        WrongCase{"input.messages[1].extra_json",
                  "input {messages {role: ROLE_USER extra_json: '{\"a\":1} {}'}}"},
        WrongCase{"input.messages[1].extra_json",
                  "input {messages {role: ROLE_USER extra_json: '{\"role\":\"system\"}'}}"},
        WrongCase{"input.tools[0]", "input {tools {}}"},
        WrongCase{"input.tools[0].function.name", "input {tools {function {}}}"},
        WrongCase{"input.tools[0].function.name", "input {tools {function {name: 'a b'}}}"},
        WrongCase{"input.tools[1].function.parameters_json",
                  "input {tools {function {name: 'a'}}"
                  " tools {function {name: 'b' parameters_json: '\"x\"'}}}"},
        WrongCase{"input.tools[0].raw_json", "input {tools {raw_json: 'null'}}"},
        WrongCase{"input.tool_choice", "input {tool_choice {}}"},
        WrongCase{"input.tool_choice.mode", "input {tool_choice {mode: 77}}"},
        WrongCase{"input.tool_choice.function_name", "input {tool_choice {function_name: ''}}"},
        WrongCase{"input.tool_choice.raw_json", "input {tool_choice {raw_json: '1'}}"},
        WrongCase{"input.tool_choice.mode", "input {tool_choice {mode: MODE_REQUIRED}}"},
        WrongCase{"input.tool_choice.function_name", "input {tool_choice {function_name: 'a'}}"},
        WrongCase{"input.tool_choice.function_name",
                  "input {tools {function {name: 'b'}} tool_choice {function_name: 'a'}}"},
        WrongCase{"input.response_format", "input {response_format {}}"},
        WrongCase{"input.response_format.json_schema.schema_json",
                  "input {response_format {json_schema {name: 'x'}}}"},
        WrongCase{"input.response_format.raw_json", "input {response_format {raw_json: ''}}"},
        WrongCase{"input.params.temperature", "input {params {temperature: 2.1}}"},
        WrongCase{"input.params.temperature", "input {params {temperature: nan}}"},
        WrongCase{"input.params.top_p", "input {params {top_p: -0.1}}"},
        WrongCase{"input.params.min_p", "input {params {min_p: inf}}"},
        WrongCase{"input.params.top_k", "input {params {top_k: 0}}"},
        WrongCase{"input.params.max_output_tokens", "input {params {max_output_tokens: 0}}"},
        WrongCase{"input.params.frequency_penalty", "input {params {frequency_penalty: -3}}"},
        WrongCase{"input.params.presence_penalty", "input {params {presence_penalty: 3}}"},
        WrongCase{"input.params.stop", "input {params {stop: ['a', 'b', 'c', 'd', 'e']}}"},
        WrongCase{"input.extra_body.x",
                  "input {extra_body {fields {key: 'x' value {number_value: nan}}}}"},
        WrongCase{"input.extra_body.x", "input {extra_body {fields {key: 'x' value {}}}}"},
        WrongCase{"input.extra_body",
                  "input {extra_body {fields {key: 'n' value {number_value: 2}}}}"},
        WrongCase{"input.extra_body_json", "input {extra_body_json: '{\"a\":}'}"},
        WrongCase{"input.extra_body_json", "input {extra_body_json: '{\"model\":\"x\"}'}"},
        WrongCase{"input.extra_body_json", "input {extra_body_json: '{\"messages\":[]}'}"},
        WrongCase{"input.extra_body_json", "input {extra_body_json: '{\"stream\":true}'}"},
        WrongCase{"input.extra_body_json", "input {extra_body_json: '{\"stream_options\":{}}'}"},
        WrongCase{"input.extra_body_json", "input {extra_body_json: '{\"tools\":[]}'}"},
        WrongCase{"quorum", "quorum: 0"}, WrongCase{"timeout", "timeout {}"},
        WrongCase{"timeout", "timeout {seconds: -1}"},
        WrongCase{"timeout", "timeout {seconds: 1 nanos: -1}"}));

TEST(Convert, ADemandedCallNeedsATool) {
  v1::SynthesizeRequest request = Good();
  request.mutable_input()->mutable_tool_choice()->set_mode(v1::ToolChoice::MODE_REQUIRED);
  EXPECT_THAT(MessageOf(ToRunRequest(request).status()), ::testing::HasSubstr("add `tools`"));
  request.mutable_input()->mutable_tool_choice()->set_mode(v1::ToolChoice::MODE_AUTO);
  EXPECT_TRUE(ToRunRequest(request).ok());
  request.mutable_input()->mutable_tool_choice()->set_mode(v1::ToolChoice::MODE_REQUIRED);
  request.mutable_input()->add_tools()->mutable_function()->set_name("a");
  EXPECT_TRUE(ToRunRequest(request).ok());
}

TEST(Convert, MessagesMustNotBeEmpty) {
  const Status status = ToRunRequest(v1::SynthesizeRequest()).status();
  EXPECT_EQ(GetErrorInfo(status).field, "input.messages");
}

TEST(Convert, ModelQueryNeedsAModel) {
  v1::ModelQueryRequest request;
  *request.mutable_input() = Good().input();
  EXPECT_EQ(GetErrorInfo(ToRunRequest(request).status()).field, "model");
  request.set_model("x");
  ASSERT_TRUE(ToRunRequest(request).ok());
  EXPECT_TRUE(ToRunRequest(request)->model_only);
}

TEST(Convert, ZeroIsNotUnset) {
  v1::SynthesizeRequest request = Good();
  EXPECT_FALSE(ToRunRequest(request)->chat->params.temperature.has_value());
  request.mutable_input()->mutable_params()->set_temperature(0);
  request.mutable_input()->mutable_params()->set_seed(0);
  const SamplingParams params = ToRunRequest(request)->chat->params;
  EXPECT_EQ(params.temperature, 0.0);
  EXPECT_EQ(params.seed, 0);
  EXPECT_FALSE(params.top_p.has_value());
}

TEST(Convert, BrokenArgumentsOfAnEarlierCallPass) {
  v1::SynthesizeRequest request = Good();
  v1::Message& message = *request.mutable_input()->add_messages();
  message.set_role(v1::ROLE_ASSISTANT);
  message.add_tool_calls()->mutable_function()->set_name("f");
  message.mutable_tool_calls(0)->mutable_function()->set_arguments_json("{\"cut");
  const StatusOr<RunRequest> converted = ToRunRequest(request);
  ASSERT_TRUE(converted.ok()) << converted.status();
  EXPECT_EQ(converted->chat->messages[1].tool_calls[0].arguments_json, "{\"cut");
}

TEST(Convert, AToolOfAnotherShapeKeepsTheNameOfItsFunction) {
  v1::SynthesizeRequest request = Good();
  for (const char* json :
       {R"({"type":"function","function":{"strict":1,"name":"look"},"cache_control":{}})",
        R"({"type":"web_search"})", R"({"function":"look"})", R"({"function":{"name":7}})"}) {
    request.mutable_input()->add_tools()->set_raw_json(json);
  }
  const StatusOr<RunRequest> converted = ToRunRequest(request);
  ASSERT_TRUE(converted.ok()) << converted.status();
  std::vector<std::string> names;
  for (const Tool& tool : converted->chat->tools) names.push_back(tool.name);
  EXPECT_THAT(names, ElementsAre("look", "", "", ""));
}

TEST(Convert, AToolWithFurtherKeysIsHeldToItsSchema) {
  v1::SynthesizeRequest request = Good();
  request.mutable_input()->add_tools()->set_raw_json(
      R"({"function":{"name":"look","parameters":{"type":"object"}},"cache_control":{}})");
  request.mutable_input()->add_tools()->set_raw_json(
      R"({"function":{"name":"see","parameters":7},"cache_control":{}})");
  const StatusOr<RunRequest> converted = ToRunRequest(request);
  ASSERT_TRUE(converted.ok()) << converted.status();
  EXPECT_EQ(converted->chat->tools[0].parameters_json, R"({"type":"object"})");
  EXPECT_EQ(converted->chat->tools[1].parameters_json, "");
}

// Clients mark where a prompt is to be cached. Its text is what it was without the mark.
TEST(Convert, APartWithFurtherKeysIsStillWhatItSaysThatItIs) {
  v1::SynthesizeRequest request = Good();
  v1::Message& message = *request.mutable_input()->add_messages();
  message.set_role(v1::ROLE_USER);
  const std::string marked = R"({"type":"text","text":"a\n\"b\"","cache_control":{"n":1.0}})";
  const std::string image = R"({"type":"image_url","image_url":{"url":"u"},"x":1})";
  const std::string other = R"({"type":"video","video":"v"})";
  for (const std::string& json : {marked, image, other}) {
    message.add_content()->set_raw_json(json);
  }
  const StatusOr<RunRequest> converted = ToRunRequest(request);
  ASSERT_TRUE(converted.ok()) << converted.status();
  const std::vector<ContentPart>& parts = converted->chat->messages[1].content;
  EXPECT_EQ(std::get<TextPart>(parts[0]).text, "a\n\"b\"");
  EXPECT_EQ(std::get<TextPart>(parts[0]).raw_json, marked);
  EXPECT_EQ(std::get<ImagePart>(parts[1]).raw_json, image);
  EXPECT_EQ(std::get<RawPart>(parts[2]).json, other);
}

TEST(Convert, LongTimeoutsSaturate) {
  v1::SynthesizeRequest request = Good();
  request.mutable_timeout()->set_seconds(std::numeric_limits<std::int64_t>::max());
  const StatusOr<RunRequest> converted = ToRunRequest(request);
  ASSERT_TRUE(converted.ok());
  EXPECT_GT(*converted->timeout, std::chrono::hours(24 * 365 * 100));
}

TEST(Convert, ExtraBodyKeepsIntegersAndOrderOfPrecedence) {
  v1::SynthesizeRequest request = Good();
  auto& fields = *request.mutable_input()->mutable_extra_body()->mutable_fields();
  fields["whole"].set_number_value(42);
  fields["half"].set_number_value(0.5);
  fields["large"].set_number_value(9007199254740992.0);
  fields["huge"].set_number_value(1e300);
  fields["text"].set_string_value("a\"b");
  fields["both"].set_bool_value(true);
  auto& nested = *fields["nested"].mutable_struct_value()->mutable_fields();
  nested["list"].mutable_list_value()->add_values()->set_null_value(google::protobuf::NULL_VALUE);
  request.mutable_input()->set_extra_body_json(
      " { \"both\" : 18446744073709551616 , \"exact\":{\"b\": 1e0,\"a\":[ 1, 2 ]}, "
      "\"s\":\"\\u00e9\" } ");
  const StatusOr<RunRequest> converted = ToRunRequest(request);
  ASSERT_TRUE(converted.ok()) << converted.status();
  EXPECT_THAT(
      converted->chat->extra_body,
      ElementsAre(Pair("both", "18446744073709551616"), Pair("half", "0.5"), Pair("huge", "1e300"),
                  Pair("large", "9007199254740992"), Pair("nested", "{\"list\":[null]}"),
                  Pair("text", "\"a\\\"b\""), Pair("whole", "42"),
                  Pair("exact", "{\"b\": 1e0,\"a\":[ 1, 2 ]}"), Pair("s", "\"\\u00e9\"")));
}

TEST(Convert, DeepNestingIsRefused) {
  v1::SynthesizeRequest request = Good();
  std::string deep = "{\"a\":";
  for (int i = 0; i < 100'000; ++i) deep += "[";
  request.mutable_input()->set_extra_body_json(deep);
  EXPECT_EQ(GetErrorInfo(ToRunRequest(request).status()).field, "input.extra_body_json");
}

TEST(Convert, CandidateErrorKeepsItsReason) {
  Answer answer;
  Candidate& candidate = answer.candidates.emplace_back();
  candidate.model = "a";
  candidate.state = CandidateState::kTimedOut;
  candidate.error = MakeError(StatusCode::kDeadlineExceeded, "too slow", "FIRST_TOKEN_TIMEOUT");
  candidate.attempts = 3;
  answer.degraded_reasons = {"member a timed_out"};
  const v1::SynthesizeResponse response = ToSynthesizeResponse(answer, true);
  EXPECT_TRUE(response.degraded());
  ASSERT_EQ(response.candidates_size(), 1);
  const v1::Candidate& out = response.candidates(0);
  EXPECT_EQ(out.state(), v1::CANDIDATE_STATE_TIMED_OUT);
  EXPECT_EQ(out.grade(), v1::CANDIDATE_GRADE_UNSPECIFIED);
  EXPECT_EQ(out.attempts(), 3);
  EXPECT_EQ(out.error().code(), 4);
  EXPECT_EQ(out.error().details_size(), 1);
  EXPECT_EQ(ToSynthesizeResponse(answer, false).candidates_size(), 0);
}

}  // namespace
}  // namespace mom
