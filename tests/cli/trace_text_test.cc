// How traces look in the terminal: tests/golden/trace. With MOM_UPDATE_GOLDEN set the files are
// written anew.
#include "clients/cli/trace_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "clients/cli/terminal_text.h"
#include "clients/cli/trace_list.h"
#include "tests/cli/trace_sample.h"
#include "tests/testing/source_path.h"

namespace mom::cli::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

void ExpectGolden(const std::string& name, const std::string& text) {
  const std::string path = mom::testing::SourcePath("tests/golden/trace/" + name);
  if (std::getenv("MOM_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << text;
  std::stringstream expected;
  expected << std::ifstream(path).rdbuf();
  EXPECT_EQ(text, expected.str()) << name;
}

TEST(FormatTrace, GoldenFiles) {
  TraceLook look;
  ExpectGolden("mixture.txt", FormatTrace(MixtureTrace(), look));
  ExpectGolden("failed.txt", FormatTrace(FailedTrace(), look));
  look.columns = 60;
  ExpectGolden("mixture_60_columns.txt", FormatTrace(MixtureTrace(), look));
  look.unicode = false;
  ExpectGolden("mixture_ascii.txt", FormatTrace(MixtureTrace(), look));
  look.colour = true;
  ExpectGolden("failed_color.txt", FormatTrace(FailedTrace(), look));
}

TEST(FormatTrace, NoLineIsWiderThanTheTerminal) {
  Trace trace = MixtureTrace();
  trace.conversation[1].text = std::string(500, 'w') + " " + std::string(70, ' ') + "\t\tx\n\n漢";
  trace.degraded_reasons.push_back(std::string(300, 'd'));
  for (const std::size_t columns : {60u, 61u, 100u, 240u}) {
    TraceLook look;
    look.columns = columns;
    look.full = true;
    std::stringstream lines(FormatTrace(trace, look));
    for (std::string line; std::getline(lines, line);) {
      ASSERT_LE(DisplayWidth(line), columns) << line;
    }
  }
}

TEST(FormatTrace, ShowsTheFirstLinesUnlessAllIsWanted) {
  Trace trace = FailedTrace();
  trace.conversation[1].text = "";
  for (int i = 1; i <= 40; ++i) trace.conversation[1].text += "line " + std::to_string(i) + "\n";
  TraceLook look;
  const std::string cut = FormatTrace(trace, look);
  EXPECT_THAT(cut, HasSubstr("line 12\n"));
  EXPECT_THAT(cut, Not(HasSubstr("line 13")));
  EXPECT_THAT(cut, HasSubstr("29 more lines: --full"));
  look.full = true;
  EXPECT_THAT(FormatTrace(trace, look), HasSubstr("line 40\n"));
}

// A model that writes escape sequences could retitle the window or hide what was said.
TEST(FormatTrace, WhatModelsWriteDoesNotSteerTheTerminal) {
  Trace trace = MixtureTrace();
  const std::string hostile =
      "\x1b]0;owned\x07\x1b[2J\r\xc2\x9b"
      "31m\xe2\x80\xae"
      "drow";
  trace.request_id += hostile;
  trace.answered_by += hostile;
  trace.answer.text = hostile;
  trace.attempts[0].model += hostile;
  trace.attempts[1].error->message = hostile;
  trace.candidates[0].model += hostile;
  trace.stages[0].detail += hostile;
  trace.conversation[0].role += hostile;
  trace.degraded_reasons[0] = hostile;
  trace.notes[0] = hostile;
  trace.candidates[0].why = hostile;
  const std::string text = FormatTrace(trace, TraceLook());
  for (const char* steering : {"\x1b", "\x07", "\r", "\xc2\x9b", "\xe2\x80\xae"}) {
    EXPECT_THAT(text, Not(HasSubstr(steering)));
  }
  EXPECT_THAT(text, HasSubstr("owned"));
  for (const std::string& cell : TraceListRow(trace)) EXPECT_THAT(cell, Not(HasSubstr("\x1b")));
}

TEST(TraceListRow, HasACellForEachColumn) {
  EXPECT_EQ(TraceListHead().size(), TraceListRow(MixtureTrace()).size());
  EXPECT_THAT(TraceListRow(MixtureTrace()),
              ElementsAre("2026-11-23 09:07:25", "req-7", "mom", "synthesize", "spare", "5.03 s",
                          "8", "$0.00617", "degraded"));
  EXPECT_THAT(TraceListRow(FailedTrace()),
              ElementsAre("2026-11-23 09:07:25", "req-7", "mom", "synthesize", "-", "0.01 s", "1",
                          "-", "ALL_MEMBERS_FAILED"));
}

TEST(TraceListRow, IsAnObjectForPrograms) {
  JsonWriter json;
  WriteTraceListRow(FailedTrace(), json);
  EXPECT_EQ(json.text(),
            R"({"folder":"20261123T090725.123Z-req-7","time":"2026-11-23 09:07:25",)"
            R"("request_id":"req-7","model":"mom","strategy":"synthesize","answered_by":"",)"
            R"("seconds":0.013,"calls":1,"prompt_tokens":0,"completion_tokens":0,)"
            R"("cost_nanos_usd":null,"outcome":"ALL_MEMBERS_FAILED"})");
}

}  // namespace
}  // namespace mom::cli::testing
