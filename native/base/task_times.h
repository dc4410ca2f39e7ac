// What the tasks of a step took, and what they would take on more cores.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace advnative {

// Numbers of cores that TaskTimes looks ahead to.
inline constexpr std::array kForeseenCores{4, 8, 16};

// How long tasks of these durations take on `cores` cores when each core that is free takes the next one, as
// the threads of a ThreadPool do (list scheduling; Graham 1966). The same unit as the durations.
double TimeOnCores(const std::vector<double>& durations, int cores);

// Milliseconds, summed over the runs of a pool.
struct TaskTimes {
  double wall = 0.0;                                     // of the runs, from beginning to end
  std::array<double, kForeseenCores.size()> on_cores{};  // what the runs would take
  // Of the run whose tasks took longest together:
  std::size_t tasks = 0;
  double together = 0.0;
  double longest = 0.0;

  // Adds a run whose tasks took `durations`.
  void Add(const std::vector<double>& durations, double run_wall);
};

}  // namespace advnative
