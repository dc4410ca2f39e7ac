#include "linear/naive_bayes.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace advnative {

namespace {

constexpr std::size_t kRowsBetweenChecks = 4096;
constexpr int kFeaturesOfTask = 1 << 14;

// Rows of each class that have each feature, [features][classes].
std::vector<std::int32_t> CountRows(const SparseRows& rows, const std::vector<std::int32_t>& labels,
                                    int classes, const Cancellation& cancellation) {
  const auto width = static_cast<std::size_t>(classes);
  std::vector<std::int32_t> counts(static_cast<std::size_t>(rows.features) * width);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if (row % kRowsBetweenChecks == 0) cancellation.Check();
    const auto label = static_cast<std::size_t>(labels[row]);
    const auto end = static_cast<std::size_t>(rows.offsets[row + 1]);
    for (auto entry = static_cast<std::size_t>(rows.offsets[row]); entry < end; ++entry) {
      ++counts[static_cast<std::size_t>(rows.columns[entry]) * width + label];
    }
  }
  return counts;
}

// ln(N(c) + s·F) of each class.
std::vector<double> LogTotals(const std::vector<std::int32_t>& counts, int classes, double smoothing) {
  const auto width = static_cast<std::size_t>(classes);
  std::vector<double> totals(width, smoothing * static_cast<double>(counts.size() / width));
  for (std::size_t entry = 0; entry < counts.size(); ++entry) totals[entry % width] += counts[entry];
  for (double& total : totals) total = std::log(total);
  return totals;
}

}  // namespace

std::vector<float> TrainNaiveBayes(ThreadPool& pool, const SparseRows& rows,
                                   const std::vector<std::int32_t>& labels, int classes, double smoothing,
                                   const Cancellation& cancellation) {
  const std::vector<std::int32_t> counts = CountRows(rows, labels, classes, cancellation);
  const std::vector<double> log_totals = LogTotals(counts, classes, smoothing);
  const auto width = static_cast<std::size_t>(classes);
  const std::size_t scores = classes == 2 ? 1 : width;
  std::vector<float> weights((static_cast<std::size_t>(rows.features) + 1) * scores);
  pool.Run((rows.features + kFeaturesOfTask - 1) / kFeaturesOfTask, [&](int task) {
    cancellation.Check();
    const int end = std::min((task + 1) * kFeaturesOfTask, rows.features);
    std::vector<double> logs(width);
    for (int feature = task * kFeaturesOfTask; feature < end; ++feature) {
      const std::int32_t* count = counts.data() + static_cast<std::size_t>(feature) * width;
      for (std::size_t c = 0; c < width; ++c) logs[c] = std::log(count[c] + smoothing) - log_totals[c];
      float* weight = weights.data() + static_cast<std::size_t>(feature) * scores;
      if (scores == 1) {
        *weight = static_cast<float>(logs[1] - logs[0]);
        continue;
      }
      const double mean = std::accumulate(logs.begin(), logs.end(), 0.0) / static_cast<double>(classes);
      for (std::size_t c = 0; c < width; ++c) weight[c] = static_cast<float>(logs[c] - mean);
    }
  });
  return weights;
}

}  // namespace advnative
