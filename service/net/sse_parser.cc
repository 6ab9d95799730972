#include "service/net/sse_parser.h"

#include <algorithm>
#include <utility>

#include "service/base/reasons.h"

namespace mom {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kDone = "[DONE]";

// Finds line ends from left to right. Each of the two searches passes every byte once: looking for
// either byte anew at each line would be quadratic where only one of them occurs.
class LineEnds {
 public:
  explicit LineEnds(std::string_view bytes) : bytes_(bytes) {}
  // The first CR or LF at or after `from`, which never decreases; npos where there is none.
  std::size_t Find(std::size_t from) {
    Advance(lf_, '\n', from);
    Advance(cr_, '\r', from);
    return std::min(*lf_, *cr_);
  }

 private:
  void Advance(std::optional<std::size_t>& at, char c, std::size_t from) const {
    if (!at || *at < from) at = bytes_.find(c, from);
  }

  std::string_view bytes_;
  std::optional<std::size_t> lf_;
  std::optional<std::size_t> cr_;
};

}  // namespace

Status SseParser::Feed(std::string_view bytes) {
  LineEnds ends(bytes);
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (std::exchange(after_cr_, false) && bytes[at] == '\n') {
      ++at;
      continue;
    }
    const std::size_t end = ends.Find(at);
    const std::string_view part = bytes.substr(at, end - at);
    if (data_.size() + event_name_.size() + line_.size() + part.size() > max_) {
      return MakeError(StatusCode::kResourceExhausted, "one event of the stream is too large",
                       reason::kUpstreamTooLarge);
    }
    if (end == std::string_view::npos) {
      line_.append(part);
      break;
    }
    EndLine(part);
    after_cr_ = bytes[end] == '\r';
    at = end + 1;
  }
  return absl::OkStatus();
}

void SseParser::Finish() {
  if (!line_.empty()) EndLine({});
  if (data_ == kDone) EndEvent();
}

std::optional<SseEvent> SseParser::Next() {
  if (ready_.empty()) return std::nullopt;
  std::optional<SseEvent> event(std::move(ready_.front()));
  ready_.pop_front();
  return event;
}

// `rest` completes the line begun.
void SseParser::EndLine(std::string_view rest) {
  if (line_.empty()) {
    TakeLine(rest);
  } else {
    line_.append(rest);
    TakeLine(line_);
    line_.clear();
  }
}

void SseParser::TakeLine(std::string_view line) {
  if (std::exchange(at_start_, false) && line.starts_with(kByteOrderMark)) {
    line.remove_prefix(kByteOrderMark.size());
  }
  if (line.empty()) {
    EndEvent();
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == 0) return;  // a comment
  std::string_view value;
  if (colon != std::string_view::npos) {
    value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
  }
  TakeField(line.substr(0, colon), value);
}

void SseParser::TakeField(std::string_view name, std::string_view value) {
  if (name == "data") {
    if (std::exchange(has_data_, true)) data_.push_back('\n');
    data_.append(value);
  } else if (name == "event") {
    event_name_ = value;
  }
}

void SseParser::EndEvent() {
  if (std::exchange(has_data_, false)) {
    ready_.push_back(SseEvent{std::exchange(event_name_, {}), std::exchange(data_, {})});
  }
  event_name_.clear();
}

}  // namespace mom
