#include "tests/testing/emulator/answer_builder.h"

#include "tests/testing/emulator/gzip_writer.h"

namespace mom::testing {
namespace {

// Steps without a wait between them become one write, up to about this size, so that the count of
// tokens keeps pace with a client that reads slowly.
constexpr std::size_t kMaxWrite = 16 * 1024;

}  // namespace

AnswerBuilder::AnswerBuilder(const ScriptedCall& call)
    : call_(call), faulty_(call.fault.kind != ScriptedFault::Kind::kNone) {
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
  chunked_ = !call_.content_length;
  Write(Head(content_type, call_.content_length));
  answer_.drip_every = call_.drip_every;
  if (call_.drip_every.count() > 0) answer_.drip = chunked_ ? HttpChunk(comment) : comment;
}

void AnswerBuilder::Body(std::string_view data) {
  if (cut_) return;
  const std::string zipped = gzip_ ? gzip_->Write(data, false) : std::string();
  Pieces(WithinLimit(gzip_ ? zipped : data));
}

void AnswerBuilder::WholeBody(std::string_view content_type, std::string_view body) {
  if (cut_) return;
  const std::string zipped = gzip_ ? gzip_->Write(body, true) : std::string();
  if (gzip_) body = zipped;
  const auto length = static_cast<std::int64_t>(body.size());
  Write(Head(content_type, call_.content_length.value_or(length)));
  Pieces(WithinLimit(body));
}

void AnswerBuilder::Raw(std::string_view bytes) {
  if (cut_) return;
  // Each is a write of its own.
  answer_.steps.emplace_back();
  Pieces(WithinLimit(bytes));
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
  if (chunked_ && !faulty_) {
    if (gzip_) Pieces(gzip_->Write("", true));
    Write("0\r\n\r\n");
  }
  answer_.ending = faulty_ ? FaultEnding() : WholeEnding();
  return std::move(answer_);
}

std::string AnswerBuilder::Head(std::string_view content_type,
                                std::optional<std::int64_t> length) const {
  if (!call_.gzip && call_.connection != AfterAnswer::kClose) {
    return HttpHead(call_.status, call_.headers, content_type, length);
  }
  HeaderList headers = call_.headers;
  if (call_.gzip) headers.emplace_back("content-encoding", "gzip");
  if (call_.connection == AfterAnswer::kClose) headers.emplace_back("connection", "close");
  return HttpHead(call_.status, headers, content_type, length);
}

std::string_view AnswerBuilder::WithinLimit(std::string_view data) {
  if (faulty_ && call_.fault.after_bytes) {
    const std::int64_t left = *call_.fault.after_bytes - body_bytes_;
    if (left <= static_cast<std::int64_t>(data.size())) {
      Cut();
      data = data.substr(0, static_cast<std::size_t>(left));
    }
  }
  body_bytes_ += static_cast<std::int64_t>(data.size());
  return data;
}

void AnswerBuilder::Pieces(std::string_view data) {
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
  if (answer_.steps.back().bytes.size() >= kMaxWrite) answer_.steps.emplace_back();
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
