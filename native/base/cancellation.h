// A flag that another thread raises to end the running call.
#pragma once

#include <atomic>

#include "base/error.h"

namespace advnative {

// Long loops call Check at every time step, block of rows or chunk, so that a call ends soon after Request:
// within a few time steps' work.
class Cancellation {
 public:
  void Request() { requested_.store(true, std::memory_order_relaxed); }
  // As Request, of a model that nobody will use again: what must otherwise be finished ends too. Lasts.
  void Abandon() {
    abandoned_.store(true, std::memory_order_relaxed);
    Request();
  }
  void Clear() { requested_.store(abandoned(), std::memory_order_relaxed); }
  bool requested() const { return requested_.load(std::memory_order_relaxed); }
  // Throws kCancelled once requested.
  void Check() const {
    if (requested()) throw Error(ErrorCode::kCancelled, "the call was cancelled");
  }
  // Throws kCancelled once abandoned.
  void CheckAbandoned() const {
    if (abandoned()) Check();
  }

 private:
  bool abandoned() const { return abandoned_.load(std::memory_order_relaxed); }

  std::atomic<bool> abandoned_{false};
  std::atomic<bool> requested_{false};
};

}  // namespace advnative
