#include "tests/schedules/scheduled_run.h"

#include <algorithm>

namespace mom::testing {
namespace {

using std::chrono::milliseconds;

std::string Edit(const std::string& search, int value) {
  return "a.py\n```\n<<<<<<< SEARCH\n" + search + "x = 1\n=======\n" + search +
         "x = " + std::to_string(value) + "\n>>>>>>> REPLACE\n```\n";
}

Message Says(Role role, const std::string& text) {
  Message message;
  message.role = role;
  TextPart part;
  part.text = text;
  message.content.emplace_back(part);
  return message;
}

std::shared_ptr<const ChatRequest> MakeChat(bool wants_edit, bool wants_json, bool is_closed) {
  auto chat = std::make_shared<ChatRequest>();
  if (wants_edit) {
    chat->messages.push_back(Says(Role::kSystem,
                                  "Act as an expert software developer.\n# *SEARCH/REPLACE block* "
                                  "Rules:\n1. The *FULL* file path alone on a line\n"));
    chat->messages.push_back(
        Says(Role::kUser,
             "I have *added these files to the chat* so you can.\n\na.py\n```\n    x = 1\n```\n"));
  }
  chat->messages.push_back(
      Says(Role::kUser, is_closed ? "Is x a prime? Answer only yes or no." : "What is x?"));
  if (wants_json) chat->response_format.emplace().kind = ResponseFormat::Kind::kJsonObject;
  return chat;
}

}  // namespace

ScheduledRun::ScheduledRun(int number) : random_(static_cast<std::uint64_t>(number)) {
  form_ = OneOf(std::vector<Form>{Form::kProse, Form::kJson, Form::kEdit, Form::kClosed});
  mixture.strategy =
      OneOf(std::vector<std::string>{"auto", "synthesize", "select", "vote", "race"});
  mixture.repair = Below(2) == 0;
  mixture.judge = OneOf(std::vector<std::string>{"", "critic"});
  mixture.analysis = OneOf(std::vector<std::string>{"off", "inline", "separate"});
  mixture.stream_hold = OneOf(std::vector<std::string>{"start", "start", "all"});
  mixture.quorum = Below(4);
  mixture.grace.min = milliseconds(10 * Below(5));
  mixture.grace.max = milliseconds(100);
  mixture.grace.first_max = milliseconds(100 + 100 * Below(4));
  asked_.chat = MakeChat(form_ == Form::kEdit, form_ == Form::kJson, form_ == Form::kClosed);
  asked_.request_id = "schedule-" + std::to_string(number);
  asked_.streaming = Below(2) == 0;
  asked_.want_progress = Below(2) == 0;
  timeout_ = milliseconds(OneOf(std::vector<int>{300, 1000, 3000}));
  asked_.timeout = timeout_;
  for (const char* name : {"a", "b", "c", "critic", "crit2"}) {
    Model(name).By([this, name](const ChatRequest&) { return DrawAnswer(name); });
  }
}

std::string ScheduledRun::DrawText(bool is_critic) {
  const int value = 2 + Below(90);
  const std::string number = std::to_string(value);
  if (is_critic && Below(3) == 0) return OneOf(std::vector<std::string>{"A", "B"});  // as a judge
  if (Below(6) == 0) {                                                               // garbage
    return OneOf(std::vector<std::string>{
        "", " \n\t", "\xff\xfe\x80", "I'm sorry, but I can't help with that.",
        is_critic ? "Draft A says " + number : "No.", "```json\n{}\n```",
        "{\"x\": ", Edit("        y", value), std::string(5000, 'x'), "<draft A>", "null"});
  }
  switch (form_) {
    case Form::kJson:
      return "{\"x\": " + number + "}";
    case Form::kEdit:
      return Below(5) == 0 ? "It is " + number + "." : Edit(Below(3) == 0 ? "  " : "    ", value);
    case Form::kClosed:
      return OneOf(std::vector<std::string>{"yes", "no", "Yes.", "**No**", "Yes, as it is odd.",
                                            "It is hard to say."});
    case Form::kProse:
      break;
  }
  return "It is " + number + ", as anybody can see who looks at line " + number + ".";
}

FakeAnswer ScheduledRun::DrawAnswer(const std::string& name) {
  const std::string text = DrawText(name.starts_with("crit"));
  said_[name].push_back(text);
  const auto pause = [&](int most) { return milliseconds(10 * Below(most)); };
  FakeAnswer answer;
  answer.Pause(pause(Below(8) == 0 ? 150 : 15));
  const int pieces = text.empty() ? 0 : 1 + Below(5);
  for (int i = 0; i < pieces; ++i) {
    const std::size_t begin = text.size() * static_cast<std::size_t>(i) / pieces;
    const std::size_t end = text.size() * static_cast<std::size_t>(i + 1) / pieces;
    answer.Text(text.substr(begin, end - begin));
    if (Below(3) == 0) answer.Pause(pause(10));
  }
  const Status failure =
      MakeError(StatusCode::kUnavailable, "scheduled", reason::kUpstreamConnectionLost);
  const int steps = static_cast<int>(answer.size()) + 1;
  switch (Below(16)) {
    case 0:
      return answer.FailingAt(static_cast<std::size_t>(Below(steps)), failure);
    case 1:
      return answer.HangingAt(static_cast<std::size_t>(Below(steps)));
    case 2:
      return answer.Finish(FinishReason::kLength);
    case 3:
      return answer;  // breaks off
    case 4:
      if (Below(2) == 0) return answer.Finish(FinishReason::kContentFilter);
      return answer.Call(0, "x", "undeclared", "{\"a\"").Finish(FinishReason::kToolCalls);
    default:
      return answer.Finish();
  }
}

void ScheduledRun::Start(asio::io_context& loop) {
  RunRequest request = asked_;
  asio::co_spawn(loop, MakeEngine().Run(std::move(request), http, sink),
                 [this](const std::exception_ptr& error, Status status) {
                   status_ = error ? Status(StatusCode::kInternal, "thrown") : std::move(status);
                 });
}

std::vector<std::string> ScheduledRun::Problems() {
  std::vector<std::string> problems;
  const RunRecord& record = *observer.records.at(0);
  const Candidate* anchor = FindAnchor(record.candidates);
  was_committed_ = !sink.Text().empty();
  if (record.latency > timeout_ + milliseconds(150)) problems.push_back("it outlived its time");
  for (const auto& [name, client] : clients) {
    if (client->open_calls() > 0) problems.push_back("a call of " + name + " was left open");
  }
  if (!status_->ok() || anchor == nullptr) {
    CheckFailure(anchor, problems);
  } else {
    CheckAnswer(*anchor, problems);
  }
  return problems;
}

void ScheduledRun::CheckAnswer(const Candidate& anchor, std::vector<std::string>& problems) {
  const Answer& answer = *sink.answer();
  const std::string& text = answer.completion.text;
  if (asked_.streaming && sink.Text() != text) problems.push_back("the pieces are not the whole");
  if (!answer.completion.tool_calls.empty()) problems.push_back("a call that nobody can make");
  const Contract contract = Detect(*asked_.chat);
  const Verdict verdict = Check(contract, answer.completion);
  if (anchor.usable() && !verdict.usable) problems.push_back("it breaks the contract: " + text);
  gave_anchor_ = answer.answered_by == anchor.model && text == anchor.completion.text;
  const bool is_critics = answer.answered_by.starts_with("crit");
  const bool is_merged = !answer.notes.empty() && form_ == Form::kJson && answer.strategy == "vote";
  if (gave_anchor_ || is_merged) return;
  if (!HasSaid(answer.answered_by, text)) {
    problems.push_back("what " + answer.answered_by + " has not said: " + text);
  }
  if (anchor.usable() && is_critics != IsWritten()) {
    problems.push_back(answer.strategy + " gave " + answer.answered_by + "'s: " + text);
  }
  // The first good one of a race, and the majority of a vote, need not have the best form.
  const bool is_best = answer.strategy == "select" || answer.strategy == "synthesize";
  constexpr double kNearlyEqual = 0.1;  // then a majority or a judge decides
  if (is_best && has_form() && anchor.usable() &&
      verdict.score < anchor.verdict.score - (IsWritten() ? 0 : kNearlyEqual)) {
    problems.push_back("it keeps the contract less well than the anchor: " + text);
  }
}

bool ScheduledRun::HasSaid(const std::string& name, const std::string& text) const {
  const auto said = said_.find(name);
  return said != said_.end() && std::count(said->second.begin(), said->second.end(), text) > 0;
}

void ScheduledRun::CheckFailure(const Candidate* anchor, std::vector<std::string>& problems) {
  if (status_->ok()) {  // after calls that nobody could make: its model was asked once more
    const Answer& answer = *sink.answer();
    if (!mixture.repair || !HasSaid(answer.answered_by, answer.completion.text)) {
      problems.push_back("an answer that nobody gave: " + answer.strategy + ", " +
                         answer.answered_by + ": " + answer.completion.text);
    }
  } else if (!asked_.streaming || !was_committed_) {
    if (anchor != nullptr) {
      problems.push_back("a failure in place of the anchor: " + status_->ToString());
    }
  } else if (has_form() || mixture.stream_hold == "all" ||
             (!IsWritten() && observer.records.at(0)->strategy != "race")) {
    problems.push_back("a held answer was cut: " + status_->ToString());
  } else {
    const ErrorInfo info = GetErrorInfo(*status_);
    if (info.reason != reason::kAnswerCut ||
        (IsWritten() && !info.metadata.contains("anchor_available"))) {
      problems.push_back("an untold cut: " + status_->ToString());
    }
    const std::string part = sink.Text();
    const bool is_known = std::any_of(said_.begin(), said_.end(), [&](const auto& said) {
      return std::any_of(said.second.begin(), said.second.end(),
                         [&](const std::string& text) { return text.starts_with(part); });
    });
    if (!is_known) problems.push_back("a part of what nobody said: " + part);
  }
}

}  // namespace mom::testing
