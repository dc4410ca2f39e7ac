// A flag that another thread raises to end the running call.
#pragma once

#include <atomic>

#include "base/error.h"

namespace advnative {

// Long loops call Check at every time step, so that a call ends soon after Request: within a few time steps'
// work.
class Cancellation {
 public:
  void Request() { requested_.store(true, std::memory_order_relaxed); }
  void Clear() { requested_.store(false, std::memory_order_relaxed); }
  // Throws kCancelled once requested.
  void Check() const {
    if (requested_.load(std::memory_order_relaxed))
      throw Error(ErrorCode::kCancelled, "the call was cancelled");
  }

 private:
  std::atomic<bool> requested_{false};
};

}  // namespace advnative
