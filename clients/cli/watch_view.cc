#include "clients/cli/watch_view.h"

#include <algorithm>
#include <array>
#include <utility>

#include "clients/cli/answer_text.h"
#include "clients/cli/quantity.h"
#include "service/base/nearest_name.h"

namespace mom::cli {
namespace {

using Phase = WatchedModel::Phase;

constexpr std::size_t kMostNameColumns = 24;
constexpr std::size_t kMarkColumns = 2;
constexpr std::size_t kLeastStateColumns = 10;  // most states fit: the table stands still
constexpr std::size_t kCellGap = 2;
constexpr std::chrono::milliseconds kSpinnerStep{80};

struct WatchSymbols {
  std::string good, bad, idle, arrow, rule, ellipsis;
  std::vector<std::string> spinner;
};

const WatchSymbols& WatchSymbolsOf(const WatchLook& look) {
  static const WatchSymbols unicode = {
      "✓", "✗", "·", "→", "─", "…", {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}};
  static const WatchSymbols ascii = {"+", "x", "-", "->", "-", "...", {"|", "/", "-", "\\"}};
  return look.unicode ? unicode : ascii;
}

// The columns behind the state, and which of them is left out first where there is no room.
enum Column : std::size_t { kFirst, kTime, kTokens, kCost, kColumns };
constexpr Column kLeftOutFirst[] = {kTime, kFirst};

// One row of the table.
struct WatchRow {
  std::string mark;
  Style style = Style::kPlain;  // of the mark and the state
  std::string name;
  std::string state;
  std::array<std::string, kColumns> cells;
  std::string note;

  // A text in place of the columns.
  bool is_text() const { return cells[kTime].empty(); }
};

class WatchDrawing {
 public:
  WatchDrawing(const WatchState& state, WatchState::Time now, const WatchLook& look)
      : state_(state),
        now_(state.end().value_or(now)),
        look_(look),
        symbols_(WatchSymbolsOf(look)) {}

  std::vector<StyledLine> Lines() const {
    const std::size_t most = look_.rows - 2;
    const std::vector<StyledLine> ending = Ending();
    std::vector<StyledLine> lines = {Title()};
    for (StyledLine& line : Table(Rows(most - std::min(most, ending.size() + 1)))) {
      lines.push_back(std::move(line));
    }
    lines.insert(lines.end(), ending.begin(), ending.end());
    if (lines.size() > most) lines.resize(most);
    for (StyledLine& line : lines) line = line.CutTo(look_.columns - 1, symbols_.ellipsis);
    return lines;
  }

 private:
  StyledLine Title() const {
    const std::string& strategy = state_.started().strategy();
    const std::string what = strategy.empty()
                                 ? "asking"
                                 : state_.started().model() + " " + symbols_.idle + " " + strategy;
    const std::string time = FormatSeconds(now_ - state_.start());
    StyledLine line;
    line.Add(Rule(3) + " ", Style::kDim).Add(what, Style::kBold).Add(" ", Style::kDim);
    const std::size_t taken = line.width() + DisplayWidth(time) + 6;
    const std::size_t rest = look_.columns > taken ? look_.columns - taken : 1;
    line.Add(Rule(rest) + " ", Style::kDim).Add(time).Add(" " + Rule(3), Style::kDim);
    return line;
  }

  std::string Rule(std::size_t length) const {
    std::string out;
    for (std::size_t i = 0; i < length; ++i) out += symbols_.rule;
    return out;
  }

  // About `most` of them: members are left out where they are too many.
  std::vector<WatchRow> Rows(std::size_t most) const {
    const std::vector<WatchedModel>& members = state_.members();
    if (members.empty()) return {};
    const std::vector<WatchRow> others = OtherRows();
    const std::size_t room = std::max<std::size_t>(2, most - std::min(most, others.size() + 1));
    const std::size_t shown = members.size() <= room ? members.size() : room - 1;
    std::vector<WatchRow> rows = {
        {"", Style::kDim, "member", "state", {"first", "time", "tokens", "cost"}, ""}};
    for (std::size_t i = 0; i < shown; ++i) rows.push_back(MemberRow(members[i]));
    if (shown < members.size())
      rows.push_back(Text("", std::to_string(members.size() - shown) + " more"));
    rows.insert(rows.end(), others.begin(), others.end());
    return rows;
  }

  // Of what comes after the members.
  std::vector<WatchRow> OtherRows() const {
    std::vector<WatchRow> rows;
    if (const WatchRow quorum = QuorumRow(); !quorum.state.empty()) rows.push_back(quorum);
    for (const WatchedModel& critic : state_.critics()) rows.push_back(CriticRow(critic));
    const bool sums_up = state_.members().size() + state_.critics().size() > 1;
    if (state_.completed() && sums_up) rows.push_back(TotalRow());
    return rows;
  }

  static WatchRow Text(std::string name, std::string text) {
    WatchRow row;
    row.name = std::move(name);
    row.state = std::move(text);
    return row;
  }

  WatchRow MemberRow(const WatchedModel& member) const {
    WatchRow row = ModelRow(member);
    if (!member.candidate) {
      const bool unneeded = !state_.critics().empty() || !state_.anchor().empty();
      if (member.phase == Phase::kOver) {
        SetMark(row, symbols_.idle, Style::kDim, unneeded ? "not needed" : "stopped");
      }
      return row;
    }
    const v1::Candidate& candidate = *member.candidate;
    const bool usable = candidate.grade() == v1::CANDIDATE_GRADE_USABLE;
    const bool unneeded = candidate.state() == v1::CANDIDATE_STATE_CANCELLED;
    SetMark(row,
            usable     ? symbols_.good
            : unneeded ? symbols_.idle
                       : symbols_.bad,
            usable     ? Style::kGood
            : unneeded ? Style::kDim
                       : Style::kBad,
            OutcomeOf(candidate));
    row.note = FailureOf(candidate);
    return row;
  }

  WatchRow CriticRow(const WatchedModel& critic) const {
    WatchRow row = ModelRow(critic);
    row.note = "critic";
    if (critic.phase != Phase::kOver) return row;
    const bool wrote = state_.completed() && state_.completed()->answered_by() == critic.name &&
                       state_.anchor().empty() && &critic == &state_.critics().back();
    const bool stopped = !state_.completed() && &critic == &state_.critics().back();
    if (wrote) SetMark(row, symbols_.good, Style::kGood, "wrote it");
    if (!wrote) SetMark(row, symbols_.bad, Style::kBad, stopped ? "stopped" : "no answer");
    return row;
  }

  // Of a model at work.
  WatchRow ModelRow(const WatchedModel& model) const {
    WatchRow row;
    row.name = model.name;
    const auto frame = static_cast<std::size_t>((now_ - state_.start()) / kSpinnerStep);
    SetMark(row, symbols_.spinner[frame % symbols_.spinner.size()], Style::kBusy,
            model.phase == Phase::kWaiting    ? "waiting"
            : model.phase == Phase::kThinking ? "thinking"
                                              : "writing");
    if (model.time_to_first_token) row.cells[kFirst] = FormatSeconds(*model.time_to_first_token);
    row.cells[kTime] = FormatSeconds(model.latency.value_or(now_ - model.asked));
    if (model.usage) {
      row.cells[kTokens] = TokensOf(*model.usage, symbols_.arrow);
      row.cells[kCost] = CostOf(*model.usage);
    } else if (model.seen_bytes > 0) {
      row.cells[kTokens] = "~" + FormatCount(model.GuessedTokens());
    }
    return row;
  }

  static void SetMark(WatchRow& row, std::string mark, Style style, std::string state) {
    row.mark = std::move(mark);
    row.style = style;
    row.state = std::move(state);
  }

  // Only a mixture has one.
  WatchRow QuorumRow() const {
    if (!state_.quorum().empty()) {
      WatchRow row = Text("quorum", state_.quorum());
      row.mark = symbols_.good;
      row.style = Style::kGood;
      return row;
    }
    const bool counts = state_.members().size() > 1 && state_.started().strategy() != "single";
    if (!counts) return WatchRow();
    return Text("quorum", std::to_string(state_.usable()) + " usable so far");
  }

  WatchRow TotalRow() const {
    const v1::Usage& usage = state_.completed()->usage();
    WatchRow row;
    row.name = "in all";
    row.cells[kTime] = FormatSeconds(now_ - state_.start());
    row.cells[kTokens] = TokensOf(usage, symbols_.arrow);
    row.cells[kCost] = CostOf(usage);
    return row;
  }

  std::vector<StyledLine> Table(const std::vector<WatchRow>& rows) const {
    const Widths widths = Fit(rows);
    std::vector<StyledLine> lines;
    for (const WatchRow& row : rows) {
      const Style plain = &row == &rows.front() ? Style::kDim : Style::kPlain;
      StyledLine name;
      name.Add(row.name, plain);
      StyledLine& line = lines.emplace_back();
      line.AddLeft(row.mark, kMarkColumns, row.style);
      line.AddLeft(name.CutTo(widths.name, symbols_.ellipsis).Render(false), widths.name + kCellGap,
                   plain);
      line.AddLeft(row.state, row.is_text() ? 0 : widths.state, row.style);
      if (row.is_text()) continue;
      for (std::size_t i = 0; i < kColumns; ++i) {
        if (widths.cells[i] > 0) line.AddRight(row.cells[i], widths.cells[i] + kCellGap, plain);
      }
      if (!row.note.empty()) line.Add("  " + row.note, row.style);
    }
    return lines;
  }

  // Of the columns, without the gaps before them.
  struct Widths {
    std::size_t name = 0;
    std::size_t state = kLeastStateColumns;
    std::array<std::size_t, kColumns> cells{};  // 0: left out
  };

  Widths Fit(const std::vector<WatchRow>& rows) const {
    Widths out;
    std::size_t note = 0;
    for (const WatchRow& row : rows) {
      out.name = std::max(out.name, std::min(DisplayWidth(row.name), kMostNameColumns));
      if (row.is_text()) continue;
      out.state = std::max(out.state, DisplayWidth(row.state));
      for (std::size_t i = 0; i < kColumns; ++i) {
        out.cells[i] = std::max(out.cells[i], DisplayWidth(row.cells[i]));
      }
      note = std::max(note, DisplayWidth(row.note) + kCellGap);
    }
    std::size_t width = kMarkColumns + out.name + kCellGap + out.state + note;
    for (const std::size_t cell : out.cells) width += cell + kCellGap;
    for (const Column column : kLeftOutFirst) {
      if (width < look_.columns) break;
      width -= std::exchange(out.cells[column], 0) + kCellGap;
    }
    return out;
  }

  // Who has answered, and what is wrong with it.
  std::vector<StyledLine> Ending() const {
    std::vector<StyledLine> lines;
    if (!state_.completed()) return lines;
    const v1::SynthesizeResponse& answer = *state_.completed();
    const std::vector<std::string> notes = NotesOn(answer);
    StyledLine& line = lines.emplace_back();
    line.AddLeft(symbols_.good, kMarkColumns, Style::kGood)
        .Add("answered by " + answer.answered_by());
    if (!state_.anchor().empty()) line.Add(", as it stands");
    line.Add("  request " + answer.request_id(), Style::kDim);
    if (notes.empty()) return lines;
    StyledLine& note = lines.emplace_back();
    note.AddLeft("!", kMarkColumns, Style::kBad).Add(JoinNames(notes));
    return lines;
  }

  const WatchState& state_;
  const WatchState::Time now_;
  const WatchLook& look_;
  const WatchSymbols& symbols_;
};

}  // namespace

std::vector<StyledLine> DrawWatch(const WatchState& state, WatchState::Time now,
                                  const WatchLook& look) {
  return WatchDrawing(state, now, look).Lines();
}

}  // namespace mom::cli
