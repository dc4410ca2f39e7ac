#include "base/task_times.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace advnative {

double TimeOnCores(const std::vector<double>& durations, int cores) {
  std::vector<double> free_at(static_cast<std::size_t>(cores), 0.0);
  for (const double duration : durations) *std::min_element(free_at.begin(), free_at.end()) += duration;
  return *std::max_element(free_at.begin(), free_at.end());
}

void TaskTimes::Add(const std::vector<double>& durations, double wall) {
  wall_ += wall;
  durations_.insert(durations_.end(), durations.begin(), durations.end());
  ends_.push_back(durations_.size());
}

void TaskTimes::Clear() {
  wall_ = 0.0;
  durations_.clear();
  ends_.clear();
}

double TaskTimes::OnCores(int cores) const {
  double sum = 0.0;
  for (std::size_t run = 0; run < ends_.size(); ++run) sum += TimeOnCores(Run(run), cores);
  return sum;
}

std::vector<double> TaskTimes::LongestRun() const {
  std::vector<double> longest;
  double most = -1.0;
  for (std::size_t run = 0; run < ends_.size(); ++run) {
    std::vector<double> tasks = Run(run);
    const double together = std::accumulate(tasks.begin(), tasks.end(), 0.0);
    if (together <= most) continue;
    most = together;
    longest = std::move(tasks);
  }
  return longest;
}

std::vector<double> TaskTimes::Run(std::size_t run) const {
  const std::size_t begin = run == 0 ? 0 : ends_[run - 1];
  return {durations_.begin() + static_cast<std::ptrdiff_t>(begin),
          durations_.begin() + static_cast<std::ptrdiff_t>(ends_[run])};
}

}  // namespace advnative
