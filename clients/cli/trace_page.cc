#include "clients/cli/trace_page.h"
#include "clients/cli/quantity.h"

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/cli/terminal_text.h"
#include "clients/cli/trace_page_style.h"
#include "clients/cli/trace_timeline.h"
#include "clients/cli/trace_words.h"

namespace mom::cli {
namespace {

using std::chrono::nanoseconds;

constexpr int kMostTicks = 9;

// Text for the inside of an element or of a quoted attribute.
std::string Escape(std::string_view text) {
  std::string out;
  for (char c : WithoutControls(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// "12.345%".
std::string Percent(nanoseconds part, nanoseconds whole) {
  char text[40];
  std::snprintf(text, sizeof text, "%.3f%%",
                100.0 * static_cast<double>(part.count()) / static_cast<double>(whole.count()));
  return text;
}

const char* StyleOf(const TraceError& error) { return IsCancelled(error) ? "warn" : "bad"; }

const char* StyleOf(const TraceCandidate& candidate) {
  if (candidate.error) return StyleOf(*candidate.error);
  return candidate.grade == "usable" ? "good" : "warn";
}

// As a further class.
const char* StyleOf(TimelineRow::End ending) {
  switch (ending) {
    case TimelineRow::End::kFailed:
      return " bad";
    case TimelineRow::End::kCancelled:
      return " warn";
    case TimelineRow::End::kDone:
      break;
  }
  return "";
}

class PageWriter {
 public:
  explicit PageWriter(const Trace& trace)
      : trace_(trace), timeline_(MakeTimeline(trace, kMostTicks)) {}

  std::string Write() {
    Add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
    Add("<meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n");
    Add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
    Element("title", "", "Trace " + trace_.request_id);
    Add("<style>");
    Add(kTracePageStyle);
    Add("</style>\n</head>\n<body>\n");
    WriteHead();
    WriteTimeline();
    WriteConversation();
    WriteCandidates();
    WriteCritics();
    WriteAnswer();
    WriteCalls();
    Element("footer", "",
            trace_.folder + ", " + trace_.id + ", config generation " +
                std::to_string(trace_.config_generation) +
                ". This page holds the whole conversation: share it with care.");
    Add("</body>\n</html>\n");
    return std::move(page_);
  }

 private:
  void Add(std::string_view html) { page_ += html; }
  // An element with a class ("" for none) around a text.
  void Element(const std::string& tag, const std::string& style, std::string_view text) {
    Open(tag, style);
    Add(Escape(text) + "</" + tag + ">\n");
  }
  void Open(const std::string& tag, const std::string& style) {
    Add("<" + tag + (style.empty() ? "" : " class=\"" + style + "\"") + ">");
  }
  void Title(std::string_view text) { Element("h2", "", text); }
  // Opens a <details> and its body; EndDetails() closes it. `outcome` and `facts` may be empty.
  void BeginDetails(bool open, std::string_view name, std::string_view outcome = "",
                    const std::string& style = "", std::string_view facts = "") {
    Add(open ? "<details open=\"open\"><summary>" : "<details><summary>");
    Element("b", "", name);
    if (!outcome.empty()) Element("span", style, outcome);
    if (!facts.empty()) Element("small", "", facts);
    Add("</summary><div class=\"body\">\n");
  }
  void EndDetails() { Add("</div></details>\n"); }

  void WriteHead() {
    const std::string ink = trace_.error                      ? "bad"
                            : trace_.degraded_reasons.empty() ? "good"
                                                              : "warn";
    Add("<header>");
    Element("h1", "", trace_.request_id);
    Element("span", "badge " + ink, OutcomeOf(trace_));
    Element("p", "",
            ModelOf(trace_) + " (" + trace_.strategy + ")" +
                (trace_.streaming ? ", streamed" : "") + ", " + FormatTime(trace_.created) +
                " UTC");
    Add("</header>\n<dl class=\"totals\">");
    const Usage usage = trace_.usage();
    Total("time", FormatSeconds(trace_.latency));
    Total("answered by", trace_.answered_by.empty() ? "nobody" : trace_.answered_by);
    Total("calls", std::to_string(trace_.attempts.size()));
    const std::string about = usage.estimated ? "about " : "";
    Total("tokens in", about + FormatCount(usage.prompt_tokens));
    Total("tokens out", about + FormatCount(usage.completion_tokens));
    Total("cost", CostOf(trace_));
    Add("</dl>\n");
    if (trace_.degraded_reasons.empty()) return;
    Open("ul", "reasons warn");
    for (const std::string& reason : trace_.degraded_reasons) Element("li", "", reason);
    Add("</ul>\n");
  }

  void Total(std::string_view name, std::string_view value) {
    Add("<div>");
    Element("dt", "", name);
    Element("dd", "", value);
    Add("</div>");
  }

  void WriteTimeline() {
    Title("Timeline");
    const nanoseconds step = timeline_.ticks.size() > 1 ? timeline_.ticks[1].at : timeline_.length;
    Add("<div class=\"timeline\" style=\"--step: " + Percent(step, timeline_.length) +
        "\"><div class=\"axis\">");
    for (const TimelineTick& tick : timeline_.ticks) {
      Add("<span class=\"tick\" style=\"left: " + At(tick.at) + "\">" + tick.label + "</span>");
    }
    Add("</div>\n");
    for (const TimelineRow& row : timeline_.rows) WriteRow(row);
    Add("</div>\n<p class=\"legend soft\"><span><i></i>member</span> "
        "<span><i class=\"critic\"></i>critic</span> "
        "<span><i class=\"faint\"></i>waiting</span> "
        "<span><i class=\"first\"></i>first token</span> "
        "<span><i class=\"warn\"></i>cancelled</span> "
        "<span><i class=\"bad faint\"></i>failed</span></p>\n");
  }

  std::string At(nanoseconds time) const { return Percent(time, timeline_.length); }

  void WriteRow(const TimelineRow& row) {
    Open("div", "row");
    Element("span", "label", row.label);
    Add("<div class=\"track\">");
    row.kind == TimelineRow::Kind::kMoment
        ? Add("<i class=\"moment\" style=\"left: " + At(row.start) + "\"></i>")
        : WriteBar(row);
    Add("</div>");
    Element("span", "took", row.took);
    Element("span", "note" + std::string(StyleOf(row.ending)), row.note);
    Add("</div>\n");
  }

  void WriteBar(const TimelineRow& row) {
    const std::string style = std::string("bar") +
                              (row.kind == TimelineRow::Kind::kCritic ? " critic" : "") +
                              StyleOf(row.ending);
    std::string times = "from " + FormatSeconds(row.start);
    if (row.first_token) times += ", first token at " + FormatSeconds(*row.first_token);
    times += ", to " + FormatSeconds(row.end);
    const nanoseconds length = std::max(row.end - row.start, nanoseconds(1));
    const nanoseconds waited = row.first_token.value_or(row.end) - row.start;
    Add("<i class=\"" + style + "\" style=\"left: " + At(row.start) +
        "; width: " + At(row.end - row.start) + "\" title=\"" + times + "\">");
    Add("<i class=\"wait\" style=\"width: " + Percent(waited, length) + "\"></i>");
    if (row.first_token) {
      const std::string left = "style=\"left: " + Percent(waited, length) + "\"";
      Add("<i class=\"write\" " + left + "></i><i class=\"first\" " + left + "></i>");
    }
    Add("</i>");
  }

  void Message(const TraceMessage& message) {
    Add("<div class=\"message\">");
    if (!message.role.empty()) Element("p", "role", message.role);
    Element("pre", "", message.text);
    Add("</div>\n");
  }

  void WriteConversation() {
    Title("Conversation");
    const std::vector<TraceMessage>& messages = trace_.conversation;
    if (messages.size() > 1) {
      BeginDetails(false, "Earlier messages: " + std::to_string(messages.size() - 1));
      std::for_each(messages.begin(), messages.end() - 1,
                    [this](const TraceMessage& message) { Message(message); });
      EndDetails();
    }
    if (!messages.empty()) Message(messages.back());
  }

  void Output(const TraceOutput& output) {
    if (!output.reasoning.empty()) {
      BeginDetails(false, "reasoning");
      Element("pre", "", output.reasoning);
      EndDetails();
    }
    if (!output.text.empty()) Element("pre", "", output.text);
    if (!output.refusal.empty()) Element("pre", "warn", "refusal: " + output.refusal);
    for (const ToolCall& call : output.tool_calls) Element("pre", "", "calls " + Describe(call));
  }

  void Error(const std::optional<TraceError>& error) {
    if (error) Element("p", StyleOf(*error), Describe(*error));
  }

  void WriteCandidates() {
    if (trace_.candidates.empty()) return;
    Title("Candidates");
    Open("div", "cards");
    for (const TraceCandidate& candidate : trace_.candidates) {
      BeginDetails(true, candidate.model, OutcomeOf(candidate), StyleOf(candidate),
                   FactsOf(trace_, candidate));
      Error(candidate.error);
      Output(candidate.answer);
      EndDetails();
    }
    Add("</div>\n");
  }

  void WriteCritics() {
    bool first = true;
    for (const TraceAttempt& attempt : trace_.attempts) {
      if (attempt.role == "member") continue;
      if (first) Title("Critic");
      first = false;
      if (attempt.try_number == 1) WritePrompt(attempt);
      BeginDetails(true, "Answer of " + LabelOf(attempt), OutcomeOf(attempt),
                   attempt.error ? StyleOf(*attempt.error) : "good");
      Error(attempt.error);
      IsFinal(trace_, attempt) ? Element("p", "soft", "The final answer, below.")
                               : Output(attempt.answer);
      EndDetails();
    }
  }

  void WritePrompt(const TraceAttempt& attempt) {
    const std::vector<TraceMessage> added = AddedMessages(trace_, attempt);
    BeginDetails(false, "Prompt of " + attempt.model, "", "", DraftLegendOf(trace_, attempt));
    Element("p", "soft", "The conversation, and after it:");
    for (const TraceMessage& message : added) Message(message);
    EndDetails();
  }

  void WriteAnswer() {
    Title(trace_.error ? "Failure" : "Answer by " + trace_.answered_by);
    Open("div", trace_.error ? "message" : "message answer");
    Error(trace_.error);
    Output(trace_.answer);
    Add("</div>\n");
  }

  void WriteCalls() {
    Title("Calls");
    Add("<div class=\"scroll\"><table><tr>");
    for (const char* head : {"call", "for", "provider", "its model", "its id", "outcome"}) {
      Element("th", "", head);
    }
    for (const char* head : {"started", "first token", "seconds", "in", "out", "cost"}) {
      Element("th", "number", head);
    }
    Add("</tr>\n");
    for (const TraceAttempt& attempt : trace_.attempts) WriteCall(attempt);
    Add("</table></div>\n");
  }

  void WriteCall(const TraceAttempt& attempt) {
    Add("<tr>");
    Element("td", "", LabelOf(attempt));
    Element("td", "", attempt.role);
    Element("td", "", attempt.provider);
    Element("td", "", attempt.upstream_model);
    Element("td", "", attempt.upstream_request_id);
    attempt.error ? Element("td", StyleOf(*attempt.error), Describe(*attempt.error))
                  : Element("td", "", OutcomeOf(attempt));
    Element("td", "number", FormatSeconds(attempt.start));
    Element("td", "number",
            attempt.time_to_first_token ? FormatSeconds(*attempt.time_to_first_token) : "-");
    Element("td", "number", FormatSeconds(attempt.latency));
    Element("td", "number", FormatCount(attempt.usage.prompt_tokens));
    Element("td", "number", FormatCount(attempt.usage.completion_tokens));
    Element("td", "number", CostOf(attempt.usage));
    Add("</tr>\n");
  }

  const Trace& trace_;
  Timeline timeline_;
  std::string page_;
};

}  // namespace

std::string TracePage(const Trace& trace) { return PageWriter(trace).Write(); }

}  // namespace mom::cli
