// What the tasks of a step took, and what they would take on more cores.
#pragma once

#include <cstddef>
#include <vector>

namespace advnative {

// How long tasks of these durations take on `cores` cores when each core that is free takes the next one, as
// the threads of a ThreadPool do (list scheduling; Graham 1966). The same unit as the durations.
double TimeOnCores(const std::vector<double>& durations, int cores);

// The durations of a pool's runs, in milliseconds. Adding one costs next to nothing; what is told of them is
// computed when it is asked for.
class TaskTimes {
 public:
  // Adds a run, from beginning to end, whose tasks took `durations`.
  void Add(const std::vector<double>& durations, double wall);
  // Forgets all runs, and keeps their memory.
  void Clear();

  // The sum of the runs.
  double wall() const { return wall_; }
  // The sum of what the runs would take on `cores` cores.
  double OnCores(int cores) const;
  // The tasks of the run whose tasks took longest together; none without runs.
  std::vector<double> LongestRun() const;

 private:
  std::vector<double> Run(std::size_t run) const;

  double wall_ = 0.0;
  std::vector<double> durations_;  // of all runs, one after another
  std::vector<std::size_t> ends_;  // where each run's end among them
};

}  // namespace advnative
