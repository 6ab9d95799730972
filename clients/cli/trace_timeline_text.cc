#include "clients/cli/trace_timeline_text.h"

#include <algorithm>
#include <string>

#include "clients/cli/text_lines.h"
#include "clients/cli/trace_timeline.h"

namespace mom::cli {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t kMostLabelColumns = 28;
constexpr std::size_t kTookColumns = 6;
constexpr std::size_t kMostNoteColumns = 30;
constexpr std::size_t kLeastTrackColumns = 24;
constexpr std::size_t kGap = 2;
constexpr std::size_t kColumnsOfATick = 12;

Style StyleOf(const TimelineRow& row) {
  if (row.ending == TimelineRow::End::kFailed) return Style::kBad;
  if (row.ending == TimelineRow::End::kCancelled) return Style::kWarning;
  switch (row.kind) {
    case TimelineRow::Kind::kMember:
      return Style::kGood;
    case TimelineRow::Kind::kCritic:
      return Style::kBusy;
    case TimelineRow::Kind::kMoment:
      break;
  }
  return Style::kBold;
}

std::size_t WidestOf(const Timeline& timeline, std::string TimelineRow::*text, std::size_t most) {
  std::size_t widest = 0;
  for (const TimelineRow& row : timeline.rows) {
    widest = std::max(widest, DisplayWidth(OneLine(row.*text)));
  }
  return std::min(widest, most);
}

class Drawing {
 public:
  Drawing(const Timeline& timeline, std::size_t label_columns, std::size_t note_columns,
          std::size_t track_columns, const TraceSymbols& symbols)
      : timeline_(timeline),
        label_columns_(label_columns),
        note_columns_(note_columns),
        track_columns_(track_columns),
        symbols_(symbols) {}

  std::vector<StyledLine> Draw() const {
    std::vector<StyledLine> lines = {AxisLabels(), Axis()};
    for (const TimelineRow& row : timeline_.rows) lines.push_back(Row(row));
    StyledLine legend;
    legend.Add(symbols_.waiting + " waiting  " + symbols_.first_token + " first token  " +
                   symbols_.writing + " writing  " + symbols_.failed + " failed  " +
                   symbols_.cancelled + " cancelled",
               Style::kDim);
    lines.push_back(legend);
    return lines;
  }

 private:
  std::size_t ColumnAt(nanoseconds at) const {
    const double share =
        static_cast<double>(at.count()) / static_cast<double>(timeline_.length.count());
    return static_cast<std::size_t>(share * static_cast<double>(track_columns_ - 1) + 0.5);
  }

  StyledLine AxisLabels() const {
    std::string labels(label_columns_ + kGap, ' ');
    for (const TimelineTick& tick : timeline_.ticks) {
      const std::size_t column = label_columns_ + kGap + ColumnAt(tick.at);
      if (labels.size() > column) continue;  // years
      labels.append(column - labels.size(), ' ').append(tick.label);
    }
    return StyledLine().Add(labels, Style::kDim);
  }

  StyledLine Axis() const {
    std::vector<std::string> cells(track_columns_, symbols_.rule);
    for (const TimelineTick& tick : timeline_.ticks) cells[ColumnAt(tick.at)] = symbols_.axis_tick;
    cells.front() = symbols_.axis_begin;
    cells.back() = symbols_.axis_end;
    std::string axis;
    for (const std::string& cell : cells) axis += cell;
    return StyledLine().AddLeft("", label_columns_ + kGap).Add(axis, Style::kDim);
  }

  StyledLine Row(const TimelineRow& row) const {
    const StyledLine label =
        StyledLine().Add(OneLine(row.label)).CutTo(label_columns_, symbols_.ellipsis);
    const std::size_t start = ColumnAt(row.start);
    const Style note = row.ending == TimelineRow::End::kDone ? Style::kDim : StyleOf(row);
    StyledLine line;
    line.AddLeft(label.Render(false), label_columns_ + kGap)
        .AddLeft("", start)
        .AddLeft(Bar(row), track_columns_ - start, StyleOf(row))
        .AddRight(row.took, kGap + kTookColumns)
        .AddLeft("", kGap)
        .Add(StyledLine()
                 .Add(OneLine(row.note))
                 .CutTo(note_columns_, symbols_.ellipsis)
                 .Render(false),
             note);
    return line;
  }

  std::string Bar(const TimelineRow& row) const {
    const std::size_t end = ColumnAt(row.end);
    const std::size_t first = row.first_token ? ColumnAt(*row.first_token) : end + 1;
    std::string bar;
    for (std::size_t column = ColumnAt(row.start); column < end; ++column) {
      bar += BarCell(column, first);
    }
    if (row.ending == TimelineRow::End::kFailed) return bar + symbols_.failed;
    if (row.ending == TimelineRow::End::kCancelled) return bar + symbols_.cancelled;
    return bar + (row.kind == TimelineRow::Kind::kMoment ? symbols_.moment : BarCell(end, first));
  }

  const std::string& BarCell(std::size_t column, std::size_t first_token) const {
    if (column == first_token) return symbols_.first_token;
    return column < first_token ? symbols_.waiting : symbols_.writing;
  }

  const Timeline& timeline_;
  std::size_t label_columns_;
  std::size_t note_columns_;
  std::size_t track_columns_;
  const TraceSymbols& symbols_;
};

}  // namespace

std::vector<StyledLine> DrawTimeline(const Trace& trace, const TraceLook& look) {
  const Timeline rows_only = MakeTimeline(trace, 1);
  const std::size_t labels =
      WidestOf(rows_only, &TimelineRow::label, std::min(look.columns / 5, kMostLabelColumns));
  const std::size_t room = look.columns - labels - kTookColumns - 3 * kGap;
  const std::size_t notes = WidestOf(rows_only, &TimelineRow::note,
                                     std::min(room - kLeastTrackColumns, kMostNoteColumns));
  const std::size_t track = room - notes;
  const Timeline timeline = MakeTimeline(trace, static_cast<int>(track / kColumnsOfATick));
  return Drawing(timeline, labels, notes, track, SymbolsOf(look)).Draw();
}

}  // namespace mom::cli
