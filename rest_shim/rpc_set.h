// Keeps RPCs alive for as long as gRPC works on them, whoever has lost interest.
#ifndef MOM_REST_SHIM_RPC_SET_H_
#define MOM_REST_SHIM_RPC_SET_H_

#include <grpcpp/client_context.h>

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "rest_shim/rpc_status.h"
#include "service/base/status.h"
#include "service/base/tag_source.h"

namespace mom::rest {

class RpcSet;

// One call. Its tags point into it, so that it must outlive their completions: it is owned by an
// RpcSet, and users hold an RpcHandle. Thread: its loop's only.
class Rpc {
 public:
  explicit Rpc(RpcSet& set) : set_(set) {}
  virtual ~Rpc() = default;
  Rpc(const Rpc&) = delete;
  Rpc& operator=(const Rpc&) = delete;

  grpc::ClientContext& context() { return context_; }
  // Cancels the call; it is destroyed, at the latest when its last tag has come.
  void Abandon();

 protected:
  // The tag for an operation that starts now. At its completion `then` is called with its `ok`,
  // unless the user has gone.
  void* Tag(TagOp& op, std::function<void(bool)> then);
  // What a status of gRPC's means to the user.
  Status Meaning(const grpc::Status& status) const;

 private:
  friend class RpcSet;
  RpcSet& set_;
  grpc::ClientContext context_;
  int outstanding_ = 0;
  bool abandoned_ = false;
};

struct AbandonRpc {
  void operator()(Rpc* rpc) const { rpc->Abandon(); }
};
template <typename R>
using RpcHandle = std::unique_ptr<R, AbandonRpc>;

// The calls of one completion queue. Destroyed only when the queue has shut down and its polling
// thread has ended: then no tag can come any more.
class RpcSet {
 public:
  explicit RpcSet(TagInbox& inbox) : inbox_(inbox) {}

  template <typename R, typename... Args>
  RpcHandle<R> Make(Args&&... args) {
    auto rpc = std::make_unique<R>(*this, std::forward<Args>(args)...);
    R* const raw = rpc.get();
    rpcs_.emplace(raw, std::move(rpc));
    return RpcHandle<R>(raw);
  }
  // Those that users still wait for fail with `why`.
  void CancelAll(Status why) {
    why_cancelled_ = std::move(why);
    for (auto& [rpc, owned] : rpcs_) rpc->context_.TryCancel();
  }
  TagInbox& inbox() { return inbox_; }

 private:
  friend class Rpc;
  // Destroys the call where nobody needs it any more.
  void Reap(Rpc* rpc) {
    if (rpc->abandoned_ && rpc->outstanding_ == 0) rpcs_.erase(rpc);
  }
  TagInbox& inbox_;
  std::optional<Status> why_cancelled_;
  std::unordered_map<Rpc*, std::unique_ptr<Rpc>> rpcs_;
};

inline void* Rpc::Tag(TagOp& op, std::function<void(bool)> then) {
  ++outstanding_;
  op.OnComplete([this, then = std::move(then)](bool ok) {
    --outstanding_;
    if (abandoned_) {
      set_.Reap(this);
    } else {
      then(ok);
    }
  });
  return op.Tag();
}

inline Status Rpc::Meaning(const grpc::Status& status) const {
  const bool is_ours = status.error_code() == grpc::StatusCode::CANCELLED && set_.why_cancelled_;
  return is_ours ? *set_.why_cancelled_ : FromGrpcStatus(status);
}

inline void Rpc::Abandon() {
  abandoned_ = true;
  context_.TryCancel();
  set_.Reap(this);
}

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_RPC_SET_H_
