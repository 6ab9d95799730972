#include "clients/cli/run_text.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "clients/cli/answer_text.h"
#include "clients/cli/quantity.h"
#include "clients/cli/table.h"
#include "clients/cli/terminal_text.h"
#include "clients/cli/text_lines.h"
#include "clients/cli/trace_words.h"
#include "service/base/status.h"

namespace mom::cli {
namespace {

constexpr char kArrow[] = "->";  // a table counts bytes

using Row = std::vector<std::string>;

std::string OrDash(std::string text) { return text.empty() ? "-" : text; }

// "2.10 s", where the time is known.
std::string SecondsOf(bool is_known, const google::protobuf::Duration& time) {
  return is_known ? FormatSeconds(ToTime(time)) : "-";
}

// Of all calls; "at least $0.00123" where the price of one is missing.
std::string TotalCost(const v1::Run& run) {
  if (run.usage().has_cost_nanos_usd() || run.usage().total_tokens() == 0) {
    return OrDash(CostOf(run.usage()));
  }
  std::int64_t known = 0;
  for (const v1::Attempt& attempt : run.attempts()) known += attempt.usage().cost_nanos_usd();
  return known > 0 ? "at least " + FormatCost(known) : "unknown";
}

std::string TimeOf(const v1::Run& run) {
  const auto since = std::chrono::seconds(run.create_time().seconds());
  return FormatTime(std::chrono::system_clock::time_point(since)) + " UTC";
}

// "stop", "503 UPSTREAM_OVERLOADED: ...", "cancelled".
std::string ResultOf(const v1::Attempt& attempt) {
  if (!attempt.has_error()) return FinishReasonName(attempt.finish_reason());
  if (attempt.error().code() == static_cast<int>(StatusCode::kCancelled)) return "cancelled";
  const bool is_http_error = attempt.http_status() >= 300;
  return (is_http_error ? std::to_string(attempt.http_status()) + " " : "") +
         NameOf(attempt.error()) + ": " + attempt.error().message();
}

std::string CallOf(const v1::Attempt& attempt) {
  if (attempt.try_number() <= 1) return attempt.model();
  return attempt.model() + ", try " + std::to_string(attempt.try_number());
}

class RunWriter {
 public:
  RunWriter(const v1::Run& run, bool colour) : run_(run), colour_(colour) {}

  std::string Write() {
    WriteHead();
    WriteReasons();
    WriteCandidates();
    WriteCalls();
    return std::move(out_);
  }

 private:
  void Line(const StyledLine& line) { out_ += line.Render(colour_) + "\n"; }
  void Plain(const std::string& text) { Line(StyledLine().Add(OneLine(text))); }

  void WriteHead() {
    const bool is_degraded = run_.degraded_reasons_size() > 0;
    Line(StyledLine()
             .Add(OneLine(run_.request_id()), Style::kBold)
             .Add("  " + TimeOf(run_) + "  ")
             .Add(run_.has_error() ? OneLine(NameOf(run_.error()))
                  : is_degraded    ? "degraded"
                                   : "ok",
                  run_.has_error() ? Style::kBad
                  : is_degraded    ? Style::kWarning
                                   : Style::kGood));
    Plain(run_.model() + ", " + (run_.answered_by().empty() ? "nobody" : run_.answered_by()) +
          " answered after " + FormatSeconds(ToTime(run_.latency())) +
          (run_.streamed() ? ", streamed" : ""));
    if (!run_.strategy().empty()) {
      Plain("strategy " + run_.strategy() + ": " + run_.strategy_reason() +
            (run_.contract().empty() ? "" : "; form: " + run_.contract()));
    }
    const std::string tokens = TokensOf(run_.usage(), kArrow);
    Plain(FormatCounted(static_cast<std::size_t>(run_.attempts_size()), "call") + ", " +
          (tokens.empty() ? "no" : tokens) + " tokens, cost " + TotalCost(run_));
  }

  void WriteReasons() {
    const auto write = [this](const std::string& head, Style style, const std::string& text) {
      Line(StyledLine().Add(head, style).Add(OneLine(text)));
    };
    if (run_.has_error()) write("failed: ", Style::kBad, run_.error().message());
    for (const std::string& reason : run_.degraded_reasons()) {
      write("degraded: ", Style::kWarning, reason);
    }
    for (const std::string& note : run_.notes()) write("note: ", Style::kDim, note);
  }

  void Table(std::vector<Row> rows) {
    if (rows.size() == 1) return;
    for (Row& row : rows) {
      for (std::string& cell : row) cell = OneLine(cell);
    }
    out_ += "\n" + FormatTable(rows);
  }

  // With its number, where the model has several.
  std::string NameOfCandidate(const v1::Candidate& candidate) const {
    const auto is_its = [&candidate](const v1::Candidate& other) {
      return other.model() == candidate.model();
    };
    const bool is_only =
        std::count_if(run_.candidates().begin(), run_.candidates().end(), is_its) == 1;
    return candidate.model() + (is_only ? "" : " #" + std::to_string(candidate.number()));
  }

  void WriteCandidates() {
    std::vector<Row> rows = {{"CANDIDATE", "STATE", "FIRST", "TIME", "TOKENS", "COST", "WHY"}};
    for (const v1::Candidate& candidate : run_.candidates()) {
      rows.push_back(
          {NameOfCandidate(candidate), OutcomeOf(candidate),
           SecondsOf(candidate.has_time_to_first_token(), candidate.time_to_first_token()),
           SecondsOf(candidate.attempts() > 0, candidate.latency()),
           OrDash(TokensOf(candidate.usage(), kArrow)), OrDash(CostOf(candidate.usage())),
           candidate.why().empty() ? FailureOf(candidate) : candidate.why()});
    }
    Table(std::move(rows));
  }

  void WriteCalls() {
    std::vector<Row> rows = {
        {"CALL", "FOR", "PROVIDER", "AT", "FIRST", "TIME", "TOKENS", "COST", "OUTCOME"}};
    for (const v1::Attempt& attempt : run_.attempts()) {
      rows.push_back(
          {CallOf(attempt), attempt.role(), attempt.provider(), FormatSeconds(ToTime(attempt.at())),
           SecondsOf(attempt.has_time_to_first_token(), attempt.time_to_first_token()),
           FormatSeconds(ToTime(attempt.latency())), OrDash(TokensOf(attempt.usage(), kArrow)),
           OrDash(CostOf(attempt.usage())), ResultOf(attempt)});
    }
    Table(std::move(rows));
  }

  const v1::Run& run_;
  const bool colour_;
  std::string out_;
};

}  // namespace

std::string FormatRun(const v1::Run& run, bool colour) { return RunWriter(run, colour).Write(); }

}  // namespace mom::cli
