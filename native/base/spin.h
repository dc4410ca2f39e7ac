// Waiting a moment for another thread without going to sleep: waking takes the system tens of microseconds,
// as much as many a task of a small model.
#pragma once

#include <chrono>

namespace advnative {

inline void Pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Looks for `ready` for as long as waking up would take; returns whether or not it came.
template <typename Ready>
void SpinBriefly(Ready ready) {
  constexpr std::chrono::microseconds kLongest{50};
  constexpr int kLooksPerClock = 32;
  const auto end = std::chrono::steady_clock::now() + kLongest;
  do {
    for (int look = 0; look < kLooksPerClock; ++look) {
      if (ready()) return;
      Pause();
    }
  } while (std::chrono::steady_clock::now() < end);
}

}  // namespace advnative
