#include "service/base/tag_source.h"

#include <boost/asio/post.hpp>

namespace mom {

void TagInbox::Push(TagOp* op, bool ok) {
  bool wake;
  {
    const std::lock_guard lock(mutex_);
    wake = pending_.empty();
    pending_.emplace_back(op, ok);
  }
  if (wake) asio::post(executor_, [this] { Drain(); });
}

void TagInbox::Drain() {
  {
    const std::lock_guard lock(mutex_);
    draining_.swap(pending_);
  }
  for (const auto& [op, ok] : draining_) {
    op->outstanding_ = false;
    op->ok_ = ok;
    if (op->callback_) {
      // A copy: the callback may be the end of its operation.
      const auto callback = op->callback_;
      callback(ok);
    } else {
      op->event_.Set();
    }
  }
  draining_.clear();
}

void TagSource::Start() {
  thread_ = std::thread([this] {
    void* tag = nullptr;
    bool ok = false;
    while (poller_->Next(&tag, &ok)) {
      TagOp* op = static_cast<TagOp*>(tag);
      op->inbox_.Push(op, ok);
    }
  });
}

void TagSource::Join() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace mom
