#include "clients/cli/trace_text.h"

#include <utility>
#include <vector>

#include "clients/cli/quantity.h"
#include "clients/cli/terminal_text.h"
#include "clients/cli/text_lines.h"
#include "clients/cli/trace_timeline_text.h"
#include "clients/cli/trace_words.h"

namespace mom::cli {
namespace {

constexpr std::size_t kLinesShown = 12;
constexpr char kIndent[] = "  ";

class TextWriter {
 public:
  TextWriter(const Trace& trace, const TraceLook& look)
      : trace_(trace), look_(look), symbols_(SymbolsOf(look)) {}

  std::string Write() {
    WriteHead();
    Blank();
    for (const StyledLine& line : DrawTimeline(trace_, look_)) Line(line);
    WriteFailures();
    WriteConversation();
    for (const TraceCandidate& candidate : trace_.candidates) WriteCandidate(candidate);
    for (const TraceAttempt& attempt : trace_.attempts) {
      if (attempt.role != "member") WriteCritic(attempt);
    }
    WriteAnswer();
    return std::move(out_);
  }

 private:
  void Line(const StyledLine& line) { out_ += line.Render(look_.colour) + "\n"; }
  void Blank() { Line(StyledLine()); }

  // `text` behind `head`, further lines below its own start.
  void Paragraph(const std::string& head, Style head_style, const std::string& text,
                 Style style = Style::kPlain) {
    const std::size_t indent = DisplayWidth(head);
    bool first = true;
    for (const std::string& line : WrapLines(text, look_.columns - indent)) {
      Line(StyledLine().AddLeft(first ? head : "", indent, head_style).Add(line, style));
      first = false;
    }
  }

  void WriteHead() {
    const Style outcome = trace_.error                      ? Style::kBad
                          : trace_.degraded_reasons.empty() ? Style::kGood
                                                            : Style::kWarning;
    Line(StyledLine()
             .Add(OneLine(trace_.request_id), Style::kBold)
             .Add("  " + FormatTime(trace_.created) + " UTC  ")
             .Add(OneLine(OutcomeOf(trace_)), outcome));
    Paragraph("", Style::kPlain,
              ModelOf(trace_) + " (" + StrategyOf(trace_) + ")" +
                  (trace_.streaming ? ", streamed" : "") +
                  (trace_.answered_by.empty() ? "" : ", answered by " + trace_.answered_by) +
                  " after " + FormatSeconds(trace_.latency));
    Paragraph("", Style::kPlain,
              FormatCounted(trace_.attempts.size(), "call") + ", " + TokensOf(trace_.usage()) +
                  ", cost " + CostOf(trace_));
    for (const std::string& reason : trace_.degraded_reasons) {
      Paragraph("degraded: ", Style::kWarning, reason);
    }
    for (const std::string& note : trace_.notes) Paragraph("note: ", Style::kDim, note);
  }

  void WriteFailures() {
    bool first = true;
    for (const TraceAttempt& attempt : trace_.attempts) {
      if (!attempt.error || IsCancelled(*attempt.error)) continue;
      if (first) Blank();
      first = false;
      Paragraph(symbols_.failed + " ", Style::kBad,
                LabelOf(attempt) + ": " + Describe(*attempt.error));
    }
  }

  void Title(const std::string& name) {
    StyledLine line;
    line.Add(symbols_.rule + symbols_.rule + " " + OneLine(name), Style::kBold);
    line = line.CutTo(look_.columns - 2, symbols_.ellipsis).Add(" ");
    std::string rule;
    while (line.width() + DisplayWidth(rule) < look_.columns) rule += symbols_.rule;
    Blank();
    Line(line.Add(rule, Style::kDim));
  }

  // What is ours to say within a section.
  void Note(const std::string& text) { Paragraph(kIndent, Style::kPlain, text, Style::kDim); }

  void Text(const std::string& text) {
    const std::size_t indent = sizeof kIndent - 1;
    const std::vector<std::string> lines = WrapLines(text, look_.columns - indent);
    // One line more is no longer than the note that it is left out.
    const bool cut = !look_.full && lines.size() > kLinesShown + 1;
    const std::size_t shown = cut ? kLinesShown : lines.size();
    for (std::size_t i = 0; i < shown; ++i) {
      lines[i].empty() ? Blank() : Line(StyledLine().Add(kIndent + lines[i]));
    }
    if (cut) {
      Note(symbols_.ellipsis + " " + std::to_string(lines.size() - shown) + " more lines: --full");
    }
  }

  void Output(const TraceOutput& output) {
    if (!output.reasoning.empty()) {
      Note("reasoning:");
      Text(output.reasoning);
      Note("answer:");
    }
    if (!output.text.empty()) Text(output.text);
    if (!output.refusal.empty()) Text("refusal: " + output.refusal);
    for (const ToolCall& call : output.tool_calls) Text("calls " + Describe(call));
  }

  void Messages(const std::vector<TraceMessage>& messages) {
    for (const TraceMessage& message : messages) {
      if (!message.role.empty()) Note(message.role + ":");
      Text(message.text);
    }
  }

  void WriteConversation() {
    Title("Conversation");
    Messages(trace_.conversation);
  }

  void WriteCandidate(const TraceCandidate& candidate) {
    Title("Candidate of " + candidate.model + ": " + OutcomeOf(candidate));
    Note(FactsOf(trace_, candidate));
    if (!candidate.why.empty()) Note(candidate.why);
    if (candidate.error) Text(Describe(*candidate.error));
    Output(candidate.answer);
  }

  void WriteCritic(const TraceAttempt& attempt) {
    if (attempt.try_number == 1) {
      Title("Prompt of the " + attempt.role + " " + attempt.model);
      Note("the conversation, and after it: " + DraftLegendOf(trace_, attempt));
      Messages(AddedMessages(trace_, attempt));
    }
    Title("Answer of the " + attempt.role + " " + LabelOf(attempt) + ": " + OutcomeOf(attempt));
    if (attempt.error) Text(Describe(*attempt.error));
    IsFinal(trace_, attempt) ? Note("the final answer, below") : Output(attempt.answer);
  }

  void WriteAnswer() {
    if (trace_.error) {
      Title("Failed");
      Text(Describe(*trace_.error));
    } else {
      Title("Answer by " + trace_.answered_by + ": " + trace_.answer.finish_reason);
    }
    Output(trace_.answer);
  }

  const Trace& trace_;
  const TraceLook& look_;
  const TraceSymbols& symbols_;
  std::string out_;
};

}  // namespace

std::string FormatTrace(const Trace& trace, const TraceLook& look) {
  return TextWriter(trace, look).Write();
}

}  // namespace mom::cli
