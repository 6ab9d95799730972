#include "tests/testing/emulator/answer_builder.h"

#include <algorithm>
#include <boost/beast/core/string.hpp>

#include "tests/testing/emulator/gzip_writer.h"

namespace mom::testing {
namespace {

// Steps without a wait between them become one write, up to about this size, so that the count of
// tokens keeps pace with a client that reads slowly.
constexpr std::size_t kLargestStep = 16 * 1024;

}  // namespace

AnswerBuilder::AnswerBuilder(const ScriptedCall& call, HttpVersion version)
    : call_(call), version_(version), faulty_(call.fault.kind != ScriptedFault::Kind::kNone) {
  if (call.gzip) gzip_ = std::make_unique<GzipWriter>();
  answer_.status = call.status;
  answer_.steps.emplace_back();
  Pause(call.delay);
  Gates(std::nullopt);
  if (faulty_ && !call.fault.after_tokens && !call.fault.after_bytes) Cut();
}

AnswerBuilder::~AnswerBuilder() = default;

void AnswerBuilder::Pause(Milliseconds wait) {
  if (cut_ || wait.count() == 0) return;
  answer_.steps.emplace_back().wait = wait;
}

void AnswerBuilder::Gates(std::optional<std::int64_t> token) {
  for (const ScriptedGate& gate : call_.gates) {
    if (!cut_ && gate.token == token) answer_.steps.emplace_back().gate = gate.name;
  }
}

void AnswerBuilder::ChunkedHead(std::string_view content_type, std::string_view comment) {
  if (cut_) return;
  chunked_ = !call_.content_length && version_ == HttpVersion::kHttp1;
  streamed_ = true;
  WriteHead(content_type, call_.content_length);
  if (gzip_) Put(GzipWriter::Head());
  answer_.drip_every = call_.drip_every;
  if (call_.drip_every.count() == 0) return;
  if (call_.drip) comment = *call_.drip;
  answer_.drip = chunked_ ? HttpChunk(comment) : comment;
}

void AnswerBuilder::Body(std::string_view data) {
  if (cut_) return;
  if (gzip_) {
    Put(gzip_->Write(data));
  } else {
    Put(data);
  }
}

void AnswerBuilder::WholeBody(std::string_view content_type, const LongText& body) {
  if (cut_) return;
  LongText zipped;
  if (gzip_) {
    zipped.Add(GzipWriter::Head());
    for (const LongText::Part& part : body.parts())
      zipped.Add(gzip_->Write(part.bytes, part.times), part.times);
    zipped.Add(gzip_->End());
  }
  const LongText& sent = gzip_ ? zipped : body;
  WriteHead(content_type, call_.content_length.value_or(sent.size()));
  for (const LongText::Part& part : sent.parts()) Put(part.bytes, part.times);
}

void AnswerBuilder::Raw(const LongText& bytes) {
  if (cut_) return;
  answer_.steps.emplace_back();
  for (const LongText::Part& part : bytes.parts()) Put(part.bytes, part.times);
}

void AnswerBuilder::TokenBoundary() {
  if (faulty_ && call_.fault.after_tokens == tokens_) Cut();
}

void AnswerBuilder::CountTokens(std::int64_t tokens) {
  if (cut_) return;
  tokens_ += tokens;
  answer_.steps.back().tokens += tokens;
}

Answer AnswerBuilder::Finish() {
  if (!faulty_) {
    if (gzip_ && streamed_) Put(gzip_->End());
    if (chunked_) Write("0\r\n\r\n");
  }
  answer_.ending = faulty_ ? FaultEnding() : WholeEnding();
  return std::move(answer_);
}

void AnswerBuilder::WriteHead(std::string_view content_type, std::optional<std::int64_t> length) {
  Head head;
  head.status = call_.status;
  head.headers = call_.headers;
  const bool has_type = std::any_of(
      head.headers.begin(), head.headers.end(),
      [](const auto& header) { return boost::beast::iequals(header.first, "content-type"); });
  if (!has_type) head.headers.emplace_back("content-type", content_type);
  if (call_.gzip) head.headers.emplace_back("content-encoding", "gzip");
  if (length) head.headers.emplace_back("content-length", std::to_string(*length));
  if (version_ == HttpVersion::kHttp2) {
    answer_.steps.emplace_back().head = std::move(head);
    return;
  }
  if (call_.connection == AfterAnswer::kClose) head.headers.emplace_back("connection", "close");
  if (!length) head.headers.emplace_back("transfer-encoding", "chunked");
  Write(HttpHead(head));
}

void AnswerBuilder::Put(std::string_view data, std::int64_t times) {
  if (cut_ || data.empty()) return;
  const auto size = static_cast<std::int64_t>(data.size());
  if (!faulty_ || !call_.fault.after_bytes) return Pieces(data, times);
  const std::int64_t left = *call_.fault.after_bytes - body_bytes_;
  const std::int64_t whole = std::min(times, left / size);
  Pieces(data, whole);
  if (whole < times) Pieces(data.substr(0, static_cast<std::size_t>(left % size)), 1);
  body_bytes_ += std::min(left, size * times);
  if (body_bytes_ == *call_.fault.after_bytes) Cut();
}

void AnswerBuilder::Pieces(std::string_view data, std::int64_t times) {
  if (times > 1) {
    Step& step = answer_.steps.emplace_back();
    step.bytes = chunked_ ? HttpChunk(data) : data;
    step.times = times;
    answer_.steps.emplace_back();
    return;
  }
  if (times == 0) return;
  const std::size_t size = call_.split > 0 ? static_cast<std::size_t>(call_.split) : data.size();
  while (!data.empty()) {
    const std::string_view piece = data.substr(0, size);
    data.remove_prefix(piece.size());
    if (call_.split > 0) answer_.steps.emplace_back();
    if (chunked_) {
      Write(HttpChunk(piece));
    } else {
      Write(piece);
    }
  }
}

void AnswerBuilder::Write(std::string_view bytes) {
  if (answer_.steps.back().bytes.size() >= kLargestStep) answer_.steps.emplace_back();
  answer_.steps.back().bytes += bytes;
}

Ending AnswerBuilder::FaultEnding() const {
  switch (call_.fault.kind) {
    case ScriptedFault::Kind::kReset:
      return Ending::kReset;
    case ScriptedFault::Kind::kStall:
      return Ending::kStall;
    case ScriptedFault::Kind::kHalfClose:
      return Ending::kHalfClose;
    case ScriptedFault::Kind::kRefuse:
      return Ending::kRefuse;
    case ScriptedFault::Kind::kGoAway:
      return Ending::kGoAway;
    default:
      return Ending::kCut;
  }
}

Ending AnswerBuilder::WholeEnding() const {
  const bool closes =
      call_.connection != AfterAnswer::kKeepAlive || call_.content_length || !call_.raw.empty();
  return closes ? Ending::kClose : Ending::kKeepAlive;
}

}  // namespace mom::testing
