#include "clients/cli/doctor_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/base/reasons.h"

namespace mom::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Probe Answered(const std::string& text, int pieces) {
  Probe probe;
  probe.answer.mutable_message()->add_content()->set_text(text);
  probe.pieces = pieces;
  return probe;
}

Probe Called(const std::string& name, const std::string& arguments) {
  Probe probe;
  v1::FunctionCall& call = *probe.answer.mutable_message()->add_tool_calls()->mutable_function();
  call.set_name(name);
  call.set_arguments_json(arguments);
  return probe;
}

Probe Failed(const char* reason, const std::string& config_key = "") {
  ErrorInfo info;
  info.reason = reason;
  if (!config_key.empty()) info.metadata["config_key"] = config_key;
  Probe probe;
  probe.status = MakeError(StatusCode::kUnavailable, "it failed", info);
  return probe;
}

Probes Good() {
  return {Answered("1 2 3 4 5 6 7 8 9 10 11", 9), Called(kProbeTool, R"({"sum": 4})"),
          Answered(R"({"sum": 4})", 1)};
}

class DoctorDiagnosisTest : public ::testing::Test {
 protected:
  DoctorDiagnosisTest() {
    model_.set_name("m.1");
    model_.set_provider("p");
  }

  Diagnosis Of(const Probes& probes) { return Diagnose(model_, probes, lines_); }

  v1::Model model_;
  ConfigLines lines_;
};

TEST_F(DoctorDiagnosisTest, AGoodModelHasNoRemarks) {
  const Diagnosis diagnosis = Of(Good());
  for (const Finding finding : {diagnosis.key, diagnosis.found, diagnosis.stream, diagnosis.usage,
                                diagnosis.tools, diagnosis.schema}) {
    EXPECT_EQ(finding, Finding::kYes);
  }
  EXPECT_EQ(diagnosis.Verdict(), "good");
  EXPECT_THAT(diagnosis.remarks, IsEmpty());
}

TEST_F(DoctorDiagnosisTest, AWrongKeyIsToBeCorrectedAtItsProvider) {
  const Diagnosis diagnosis =
      Of({Failed(reason::kUpstreamAuth, "providers.p.api_key"), std::nullopt, std::nullopt});
  EXPECT_EQ(diagnosis.key, Finding::kNo);
  EXPECT_EQ(diagnosis.found, Finding::kUnknown);
  EXPECT_EQ(diagnosis.tools, Finding::kUnknown);
  EXPECT_EQ(diagnosis.Verdict(), "broken");
  EXPECT_THAT(diagnosis.remarks, ElementsAre("providers.p.api_key: it failed (UPSTREAM_AUTH)"));
}

TEST_F(DoctorDiagnosisTest, AMissingModel) {
  const Diagnosis diagnosis = Of({Failed(reason::kUpstreamModelNotFound, "models.m.1.id"), {}, {}});
  EXPECT_EQ(diagnosis.key, Finding::kUnknown);
  EXPECT_EQ(diagnosis.found, Finding::kNo);
  EXPECT_THAT(diagnosis.remarks, ElementsAre(HasSubstr("models.m.1.id: ")));
}

TEST_F(DoctorDiagnosisTest, AnEmptyAccountHasAGoodKey) {
  const Diagnosis diagnosis = Of({Failed(reason::kUpstreamQuota), {}, {}});
  EXPECT_EQ(diagnosis.key, Finding::kYes);
  EXPECT_EQ(diagnosis.Verdict(), "broken");
  EXPECT_THAT(diagnosis.remarks, ElementsAre("models.m.1: it failed (UPSTREAM_QUOTA)"));
}

TEST_F(DoctorDiagnosisTest, OfAModelThatIsNotAskedNothingIsSaidButWhenItIs) {
  ErrorInfo info;
  info.reason = reason::kTargetOpen;
  info.metadata["cause"] = reason::kUpstreamAuth;
  info.retry_after = std::chrono::milliseconds(11'001);
  Probe probe;
  probe.status = MakeError(StatusCode::kUnavailable, "is not asked", info);
  const Diagnosis diagnosis = Of({probe, {}, {}});
  EXPECT_EQ(diagnosis.Verdict(), "not asked");
  EXPECT_EQ(diagnosis.key, Finding::kUnknown) << "it may be mended";
  EXPECT_THAT(diagnosis.remarks,
              ElementsAre("models.m.1: is not asked (TARGET_OPEN); try it again in 12 s"));
  EXPECT_EQ(Of({Failed(reason::kTargetBusy), {}, {}}).Verdict(), "not asked");
  EXPECT_EQ(Of({Failed(reason::kTargetNotBefore), {}, {}}).key, Finding::kYes);
}

TEST_F(DoctorDiagnosisTest, ToolCallsThatCannotBeMadeAreNone) {
  Probes probes = Good();
  probes.tool = Failed(reason::kMalformedToolCall);
  const Diagnosis diagnosis = Of(probes);
  EXPECT_EQ(diagnosis.tools, Finding::kNo);
  EXPECT_EQ(diagnosis.Verdict(), "limited");
  EXPECT_THAT(diagnosis.remarks, ElementsAre(HasSubstr("models.m.1.tools: a demanded tool call")));
}

TEST_F(DoctorDiagnosisTest, OnePieceIsNoStream) {
  Probes probes = Good();
  probes.plain.pieces = 1;
  const Diagnosis diagnosis = Of(probes);
  EXPECT_EQ(diagnosis.stream, Finding::kNo);
  EXPECT_EQ(diagnosis.Verdict(), "limited");
  EXPECT_THAT(diagnosis.remarks, ElementsAre(HasSubstr("models.m.1.timeouts.first_token: ")));
}

TEST_F(DoctorDiagnosisTest, OneShortPieceSaysNothingAboutStreaming) {
  Probes probes = Good();
  probes.plain = Answered("1 2 3", 1);
  EXPECT_EQ(Of(probes).stream, Finding::kUnknown);
  EXPECT_EQ(Of(probes).Verdict(), "good");
}

TEST_F(DoctorDiagnosisTest, EstimatedUsageIsNone) {
  Probes probes = Good();
  probes.plain.answer.mutable_usage()->set_estimated(true);
  EXPECT_EQ(Of(probes).usage, Finding::kNo);
  EXPECT_THAT(Of(probes).remarks, ElementsAre(HasSubstr("models.m.1.price: ")));
}

TEST_F(DoctorDiagnosisTest, OnlyTheRightToolCallCounts) {
  const Probe wrong[] = {Answered("4", 1),
                         Called("other", R"({"sum": 4})"),
                         Called(kProbeTool, R"({"total": 4})"),
                         Called(kProbeTool, R"({"sum": "4"})"),
                         Called(kProbeTool, R"({"sum": 4, "note": ""})"),
                         Called(kProbeTool, "{"),
                         Failed(reason::kUpstreamBadRequest)};
  for (const Probe& probe : wrong) {
    Probes probes = Good();
    probes.tool = probe;
    EXPECT_EQ(Of(probes).tools, Finding::kNo);
    EXPECT_EQ(Of(probes).Verdict(), "limited");
    EXPECT_THAT(Of(probes).remarks, ElementsAre(HasSubstr("models.m.1.tools: ")));
  }
}

TEST_F(DoctorDiagnosisTest, ToolsThatTheConfigSwitchedOffAreNoFault) {
  Probes probes = Good();
  probes.tool = Failed(reason::kUnsupportedInput);
  EXPECT_EQ(Of(probes).tools, Finding::kOff);
  EXPECT_EQ(Of(probes).Verdict(), "good");
  EXPECT_THAT(Of(probes).remarks, IsEmpty());
}

TEST_F(DoctorDiagnosisTest, AnAnswerOutsideTheSchema) {
  for (const Probe& probe :
       {Answered("four", 1), Answered(R"({"sum": 4.5})", 1), Failed(reason::kUpstreamBadRequest)}) {
    Probes probes = Good();
    probes.schema = probe;
    EXPECT_EQ(Of(probes).schema, Finding::kNo);
    EXPECT_THAT(Of(probes).remarks, ElementsAre(HasSubstr("models.m.1.id: ")));
  }
}

TEST_F(DoctorDiagnosisTest, AnotherFailureOfALaterProbeLeavesItOpen) {
  Probes probes = Good();
  probes.tool = Failed(reason::kIdleTimeout, "models.m.1.timeouts.idle");
  probes.schema = Failed(reason::kUpstreamRateLimited);
  const Diagnosis diagnosis = Of(probes);
  EXPECT_EQ(diagnosis.tools, Finding::kUnknown);
  EXPECT_EQ(diagnosis.schema, Finding::kUnknown);
  EXPECT_EQ(diagnosis.Verdict(), "limited");
  EXPECT_THAT(diagnosis.remarks, ElementsAre("models.m.1.timeouts.idle: it failed (IDLE_TIMEOUT)",
                                             "models.m.1: it failed (UPSTREAM_RATE_LIMITED)"));
}

}  // namespace
}  // namespace mom::cli
