#include "tests/testing/emulator/player.h"

#include <boost/asio/post.hpp>
#include <utility>

namespace mom::testing {

asio::awaitable<bool> Player::Play() {
  for (const Step& step : answer_.steps) {
    if (client_->gone()) break;
    co_await PlayStep(step);
  }
  if (client_->gone()) {
    tab_.Close(false, client_->gone_at());
    co_return false;
  }
  co_return co_await End();
}

asio::awaitable<void> Player::PlayStep(const Step& step) {
  due_ = Deadline::At(due_.time() + step.wait);
  if (step.wait.count() > 0) co_await Wait(due_, nullptr);
  if (!step.gate.empty()) co_await HoldAt(step.gate);
  if (client_->gone()) co_return;
  co_await client_->Send(step);
  begun_ = begun_ || step.head || !step.bytes.empty();
  if (!client_->gone()) tab_.Add(step.tokens);
}

asio::awaitable<void> Player::HoldAt(const std::string& gate) {
  // Shared: the gate may open after the client left.
  const auto open = std::make_shared<bool>(false);
  auto wake = [open, client = std::weak_ptr(client_), executor = client_->executor()] {
    asio::post(executor, [open, client] {
      *open = true;
      if (const auto alive = client.lock()) alive->Wake();
    });
  };
  if (stage_.gates.IsOpenOrWake(gate, std::move(wake))) co_return;
  stage_.journal.HeldAt(gate);
  co_await Wait(Deadline::Never(), open.get());
  stage_.journal.Released(gate);
  due_ = Deadline::After(Deadline::Duration::zero());
}

asio::awaitable<void> Player::Wait(Deadline deadline, const bool* done) {
  const bool drips = begun_ && !answer_.drip.empty();
  if (!drips) {
    co_await client_->Wait(deadline, done);
    co_return;
  }
  Deadline next_drip = Deadline::After(answer_.drip_every);
  while (true) {
    co_await client_->Wait(Deadline::Earliest(deadline, next_drip), done);
    if (client_->gone() || deadline.Passed() || (done != nullptr && *done)) co_return;
    co_await client_->Write(answer_.drip);
    next_drip = Deadline::At(next_drip.time() + answer_.drip_every);
  }
}

asio::awaitable<bool> Player::End() {
  switch (answer_.ending) {
    case Ending::kKeepAlive:
    case Ending::kClose:
      tab_.Close(true, std::nullopt);
      client_->End(answer_.ending);
      break;
    case Ending::kCut:
    case Ending::kReset:
    case Ending::kRefuse:
    case Ending::kGoAway:
      tab_.Close(false, std::nullopt);
      client_->End(answer_.ending);
      break;
    case Ending::kStall:
      co_await Wait(Deadline::Never(), nullptr);
      tab_.Close(false, client_->gone_at());
      break;
    case Ending::kHalfClose:
      tab_.Close(false, std::nullopt);
      client_->End(answer_.ending);
      co_await client_->Wait(Deadline::Never(), nullptr);
      break;
  }
  co_return answer_.ending == Ending::kKeepAlive;
}

}  // namespace mom::testing
