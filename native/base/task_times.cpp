#include "base/task_times.h"

#include <algorithm>
#include <numeric>

namespace advnative {

double TimeOnCores(const std::vector<double>& durations, int cores) {
  std::vector<double> free_at(static_cast<std::size_t>(cores), 0.0);
  for (const double duration : durations) *std::min_element(free_at.begin(), free_at.end()) += duration;
  return *std::max_element(free_at.begin(), free_at.end());
}

void TaskTimes::Add(const std::vector<double>& durations, double run_wall) {
  wall += run_wall;
  for (std::size_t i = 0; i < kForeseenCores.size(); ++i) {
    on_cores[i] += TimeOnCores(durations, kForeseenCores[i]);
  }
  const double sum = std::accumulate(durations.begin(), durations.end(), 0.0);
  if (sum < together || durations.empty()) return;
  together = sum;
  tasks = durations.size();
  longest = *std::max_element(durations.begin(), durations.end());
}

}  // namespace advnative
