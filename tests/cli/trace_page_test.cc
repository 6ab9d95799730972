#include "clients/cli/trace_page.h"

#include <gtest/gtest.h>

#include <regex>
#include <vector>

#include "clients/cli/trace_page_style.h"
#include "tests/cli/trace_sample.h"

namespace mom::cli::testing {
namespace {

// A page is too long for a matcher to print.
bool Has(const std::string& page, const std::string& part) {
  return page.find(part) != std::string::npos;
}

// What is wrong with a page's tags; empty: each is closed in its turn, and each attribute quoted.
std::string WrongTag(const std::string& page) {
  static const std::regex kAttributes(R"re(([a-z0-9-]+)((?: [a-z-]+="[^"<>]*")*)(/?))re");
  std::vector<std::string> open;
  std::size_t at = page.find('>') + 1;  // behind the doctype
  while ((at = page.find('<', at)) != std::string::npos) {
    const std::size_t end = page.find('>', at);
    if (end == std::string::npos) return page.substr(at);
    const std::string tag = page.substr(at + 1, end - at - 1);
    at = end;
    std::smatch parts;
    if (!tag.empty() && tag[0] == '/') {
      if (open.empty() || open.back() != tag.substr(1)) return tag;
      open.pop_back();
    } else if (!std::regex_match(tag, parts, kAttributes)) {
      return tag;
    } else if (parts[3].length() == 0) {
      open.push_back(parts[1]);
    }
  }
  return open.empty() ? "" : open.back();
}

TEST(TracePage, IsWellFormed) {
  EXPECT_EQ(WrongTag("<!DOCTYPE html><a><b></a></b>"), "/a");  // the check checks
  for (const Trace& trace : {MixtureTrace(), FailedTrace(), EmptyTrace(), Trace()}) {
    const std::string page = TracePage(trace);
    EXPECT_EQ(WrongTag(page), "");
    EXPECT_TRUE(page.starts_with("<!DOCTYPE html>\n<html"));
  }
}

TEST(TracePage, HasTheWholeStory) {
  const std::string page = TracePage(MixtureTrace());
  for (const char* part : {"req-7",
                           "2026-11-23 09:07:25 UTC",
                           "5.03 s",
                           "degraded",
                           "about 6,000",
                           "$0.00617",
                           "member dead failed: CONNECT_FAILED",
                           "flaky, try 2",
                           "503 UPSTREAM_UNAVAILABLE",
                           "3 usable candidates, quorum 3",
                           "Where is Paris?",
                           "Earlier messages: 1",
                           "Be brief.",
                           "パリはフランスにあります。 🇫🇷 naïve café",
                           "地図を見る。",
                           "draft A: writer, draft B: flaky",
                           "&lt;draft A 77&gt;",
                           "Paris is the capital of France.",
                           "The final answer, below.",
                           "too many requests",
                           "up-8"}) {
    EXPECT_TRUE(Has(page, part)) << part;
  }
}

TEST(TracePage, EscapesWhatModelsAndClientsWrote) {
  const std::string hostile = "<script>alert('1')</script>\"><img src=x onerror=alert(2)>&\x1b[2J";
  Trace trace = MixtureTrace();
  for (std::string* text : {&trace.folder,
                            &trace.request_id,
                            &trace.id,
                            &trace.model,
                            &trace.strategy,
                            &trace.answered_by,
                            &trace.answer.text,
                            &trace.answer.reasoning,
                            &trace.answer.refusal,
                            &trace.degraded_reasons[0],
                            &trace.notes[0],
                            &trace.strategy_reason,
                            &trace.contract,
                            &trace.candidates[0].why,
                            &trace.stages[0].name,
                            &trace.stages[0].detail,
                            &trace.stages[1].detail,
                            &trace.conversation[0].role,
                            &trace.conversation[1].text,
                            &trace.candidates[0].model,
                            &trace.candidates[0].grade,
                            &trace.candidates[3].state,
                            &trace.candidates[1].answer.text,
                            &trace.attempts[0].model,
                            &trace.attempts[0].provider,
                            &trace.attempts[0].role,
                            &trace.attempts[0].upstream_model,
                            &trace.attempts[0].upstream_request_id,
                            &trace.attempts[0].answer.finish_reason,
                            &trace.attempts[1].error->code,
                            &trace.attempts[1].error->reason,
                            &trace.attempts[1].error->message,
                            &trace.attempts[6].sent.back().role,
                            &trace.attempts[6].sent.back().text}) {
    *text = hostile;
  }
  trace.answer.tool_calls.push_back({hostile, hostile, hostile, "", ""});
  trace.error = {hostile, "", hostile};
  const std::string page = TracePage(trace);
  EXPECT_EQ(WrongTag(page), "");
  for (const char* raw : {"<script", "<img", "\x1b", "alert('"}) {
    EXPECT_FALSE(Has(page, raw)) << raw;
  }
  EXPECT_TRUE(Has(page, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"));
}

TEST(TracePage, NeedsNothingElseAndMayLoadNothing) {
  const std::string page = TracePage(MixtureTrace());
  EXPECT_TRUE(Has(page, "default-src 'none'; style-src 'unsafe-inline'"));
  for (const char* outside : {"<link", "src=", "href=", "url(", "@import", "http:", "https:"}) {
    EXPECT_FALSE(Has(page, outside)) << outside;
  }
  EXPECT_TRUE(Has(kTracePageStyle, "prefers-color-scheme: dark"));
}

}  // namespace
}  // namespace mom::cli::testing
