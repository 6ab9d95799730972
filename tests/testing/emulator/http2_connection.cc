#include "tests/testing/emulator/http2_connection.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <new>
#include <string_view>
#include <utility>

namespace mom::testing {
namespace {

constexpr std::uint32_t kMaxStreams = 100;
// Frames are gathered into writes of about this size.
constexpr std::size_t kLargestWrite = 64 * 1024;

nghttp2_nv Field(std::string_view name, std::string_view value) {
  // The library's interface is not const-correct; it copies.
  return {reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())),
          reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())), name.size(),
          value.size(), NGHTTP2_NV_FLAG_NONE};
}

std::string Text(const std::uint8_t* data, std::size_t size) {
  return std::string(reinterpret_cast<const char*>(data), size);
}

}  // namespace

// What the library calls. 0: goes on.
struct Http2Connection::Callbacks {
  static int OnHeader(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                      std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                      std::uint8_t, void* self) {
    RecordedRequest& request = Self(self).incoming_[frame->hd.stream_id];
    std::string key = Text(name, name_size);
    std::string text = Text(value, value_size);
    if (key == ":method") {
      request.method = std::move(text);
    } else if (key == ":path") {
      request.target = std::move(text);
    } else {
      request.headers.emplace_back(std::move(key), std::move(text));
    }
    return 0;
  }

  static int OnBody(nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* data,
                    std::size_t size, void* self) {
    Self(self).incoming_[stream].body += Text(data, size);
    return 0;
  }

  static int OnFrame(nghttp2_session*, const nghttp2_frame* frame, void* self) {
    const bool ends = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    const bool has_data = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (!ends || !has_data) return 0;
    auto request = Self(self).incoming_.extract(frame->hd.stream_id);
    if (request.empty()) return 0;
    request.mapped().http = "2";
    Self(self).ready_.push_back({frame->hd.stream_id, std::move(request.mapped())});
    return 0;
  }

  static int OnClose(nghttp2_session*, std::int32_t stream, std::uint32_t, void* self) {
    Self(self).CloseStream(stream);
    return 0;
  }

  static ssize_t TakeBody(nghttp2_session*, std::int32_t stream, std::uint8_t* out,
                          std::size_t most, std::uint32_t* flags, nghttp2_data_source* source,
                          void*) {
    bool last = false;
    const std::size_t size = Self(source->ptr).streams_.at(stream)->TakeBody(out, most, &last);
    if (last) *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (size == 0 && !last) return NGHTTP2_ERR_DEFERRED;
    return static_cast<ssize_t>(size);
  }

  static Http2Connection& Self(void* self) { return *static_cast<Http2Connection*>(self); }
};

Http2Connection::Http2Connection(std::shared_ptr<ClientSocket> socket)
    : socket_(std::move(socket)) {
  nghttp2_session_callbacks* callbacks = nullptr;
  if (nghttp2_session_callbacks_new(&callbacks) != 0) throw std::bad_alloc();
  nghttp2_session_callbacks_set_on_header_callback(callbacks, &Callbacks::OnHeader);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, &Callbacks::OnBody);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, &Callbacks::OnFrame);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, &Callbacks::OnClose);
  const int made = nghttp2_session_server_new(&session_, callbacks, this);
  nghttp2_session_callbacks_del(callbacks);
  if (made != 0) throw std::bad_alloc();
  const nghttp2_settings_entry streams = {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, kMaxStreams};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, &streams, 1);
}

Http2Connection::~Http2Connection() { nghttp2_session_del(session_); }

asio::awaitable<std::vector<Http2Request>> Http2Connection::ReadRequests() {
  Pump();
  while (ready_.empty()) {
    const bool more = co_await socket_->ReadMore();
    const std::string bytes = std::exchange(socket_->inbox(), {});
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    if (!more || nghttp2_session_mem_recv(session_, data, bytes.size()) < 0) break;
    Pump();
  }
  co_return std::exchange(ready_, {});
}

void Http2Connection::Attach(std::int32_t stream, std::shared_ptr<Http2StreamEvents> events) {
  streams_[stream] = std::move(events);
}

void Http2Connection::SubmitHead(std::int32_t stream, const Head& head) {
  const std::string status = std::to_string(head.status);
  std::vector<nghttp2_nv> fields = {Field(":status", status)};
  for (const auto& [name, value] : head.headers) fields.push_back(Field(name, value));
  nghttp2_data_provider body = {};
  body.source.ptr = this;
  body.read_callback = &Callbacks::TakeBody;
  nghttp2_submit_response(session_, stream, fields.data(), fields.size(), &body);
  Pump();
}

void Http2Connection::Resume(std::int32_t stream) {
  nghttp2_session_resume_data(session_, stream);
  Pump();
}

void Http2Connection::WriteRaw(const std::string& bytes) {
  raw_ += bytes;
  Pump();
}

void Http2Connection::End(std::int32_t stream, Ending ending, bool begun) {
  switch (ending) {
    case Ending::kClose:
      GoAway(nghttp2_session_get_last_proc_stream_id(session_));
      break;
    case Ending::kGoAway:
      // Without its end, the library would wait for the stream.
      closes_ = begun;
      GoAway(begun ? stream : stream - 2);
      break;
    case Ending::kReset:
      nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, NGHTTP2_INTERNAL_ERROR);
      break;
    case Ending::kRefuse:
      nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, NGHTTP2_REFUSED_STREAM);
      break;
    case Ending::kHalfClose:
      socket_->ShutdownSend();
      break;
    case Ending::kCut:
      socket_->Close();
      break;
    case Ending::kKeepAlive:
    case Ending::kStall:
      break;
  }
  Pump();
}

void Http2Connection::CloseStreams() {
  while (!streams_.empty()) CloseStream(streams_.begin()->first);
}

void Http2Connection::CloseStream(std::int32_t stream) {
  incoming_.erase(stream);
  std::erase_if(ready_, [&](const Http2Request& request) { return request.stream == stream; });
  const auto events = streams_.extract(stream);
  if (!events.empty()) events.mapped()->Closed();
}

void Http2Connection::GoAway(std::int32_t last_stream) {
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, std::max(last_stream, 0), NGHTTP2_NO_ERROR,
                        nullptr, 0);
}

void Http2Connection::Pump() {
  if (std::exchange(pumping_, true)) return;
  asio::co_spawn(socket_->executor(), PumpAll(shared_from_this()), asio::detached);
}

asio::awaitable<void> Http2Connection::PumpAll(std::shared_ptr<Http2Connection> self) {
  std::string bytes = self->Collect();
  while (!bytes.empty()) {
    co_await self->socket_->Write(bytes);
    if (self->raw_.empty()) self->TellFlushed();
    bytes = self->Collect();
  }
  self->pumping_ = false;
  // After a GOAWAY of either side the library is done when the last stream is.
  if (self->closes_ || nghttp2_session_want_read(self->session_) == 0) self->socket_->Close();
}

std::string Http2Connection::Collect() {
  std::string bytes = std::exchange(raw_, {});
  const std::uint8_t* data = nullptr;
  while (bytes.size() < kLargestWrite) {
    const ssize_t size = nghttp2_session_mem_send(session_, &data);
    if (size <= 0) break;
    bytes += Text(data, static_cast<std::size_t>(size));
  }
  return bytes;
}

void Http2Connection::TellFlushed() {
  for (const auto& [id, events] : streams_) events->Flushed();
}

}  // namespace mom::testing
