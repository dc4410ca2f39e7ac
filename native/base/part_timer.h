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

}  // namespace advnative
