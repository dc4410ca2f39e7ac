// Where the time of a step goes.
#pragma once

#include <chrono>

namespace advnative {

// Adds the time from its making to its end to `milliseconds`. Two readings of the clock cost some 50 ns, so a
// part should last microseconds.
class PartTimer {
 public:
  explicit PartTimer(double& milliseconds) : milliseconds_(milliseconds) {}
  ~PartTimer() { milliseconds_ += std::chrono::duration<double, std::milli>(Clock::now() - begin_).count(); }
  PartTimer(const PartTimer&) = delete;
  PartTimer& operator=(const PartTimer&) = delete;

 private:
  using Clock = std::chrono::steady_clock;
  double& milliseconds_;
  const Clock::time_point begin_ = Clock::now();
};

// Shares a running time out among parts that follow one another thousands of times: each reading of the clock
// ends one part and begins the next.
class LapTimer {
 public:
  void Begin() { begin_ = Clock::now(); }
  // Adds the time since Begin or the last lap to `milliseconds`.
  void Lap(double& milliseconds) {
    const Clock::time_point now = Clock::now();
    milliseconds += std::chrono::duration<double, std::milli>(now - begin_).count();
    begin_ = now;
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin_{};
};

}  // namespace advnative
