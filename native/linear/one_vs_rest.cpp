#include "linear/one_vs_rest.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/philox.h"

namespace advnative {

namespace {

// Classes that one task trains side by side: the weights of a feature are read together.
constexpr int kBlock = 8;
using Block = std::array<float, kBlock>;

// How many entries ahead the weights of a row's features are asked for: no hardware foresees their places.
constexpr std::int32_t kAhead = 8;

constexpr std::int64_t kRowsBetweenChecks = 256;

// The order of the rows in a pass: the same for every class.
std::vector<std::int32_t> OrderOf(std::size_t rows, std::uint64_t seed, int pass) {
  std::vector<std::int32_t> order(rows);
  std::iota(order.begin(), order.end(), 0);
  UniformSequence uniform(Philox(seed, RandomStream::kLinearOrder, static_cast<std::uint64_t>(pass)), 0);
  for (std::size_t left = rows; left > 1; --left) {
    const auto drawn = static_cast<std::size_t>(uniform.Next() * static_cast<double>(left));
    std::swap(order[left - 1], order[std::min(drawn, left - 1)]);
  }
  return order;
}

// Some classes' weights, of which row `features` is the bias, and their dual variables.
class ClassBlock {
 public:
  ClassBlock(const SparseRows& rows, const std::vector<std::int32_t>& labels, int first, int count,
             const OneVsRestOptions& options)
      : rows_(rows),
        labels_(labels),
        first_(first),
        count_(count),
        tolerance_(static_cast<float>(options.tolerance)),
        diagonal_(static_cast<float>(0.5 / options.cost)),
        weights_(static_cast<std::size_t>(rows.features) + 1),
        dual_(rows.rows()) {}

  // One pass; whether every class is done.
  bool Pass(const std::vector<std::int32_t>& order, const Cancellation& cancellation) {
    float worst = 0.0f;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i % kRowsBetweenChecks == 0) cancellation.Check();
      worst = std::max(worst, Step(static_cast<std::size_t>(order[i])));
    }
    return worst <= tolerance_;
  }

  void CopyTo(int scores, float* weights) const {
    for (const Block& row : weights_) {
      std::copy_n(row.begin(), count_, weights + first_);
      weights += scores;
    }
  }

 private:
  // The step of every class's dual variable of one row; the largest projected gradient.
  float Step(std::size_t row) {
    Block sums = weights_.back();
    float squares = 1.0f;
    ForEachEntry(row, [&](const Block& weights, float value) {
      for (int k = 0; k < kBlock; ++k) sums[k] += weights[k] * value;
      squares += value * value;
    });
    Block& dual = dual_[row];
    Block change{};
    float worst = 0.0f;
    for (int k = 0; k < count_; ++k) {
      const float y = labels_[row] == first_ + k ? 1.0f : -1.0f;
      const float gradient = y * sums[k] - 1.0f + dual[k] * diagonal_;
      const float projected = dual[k] == 0.0f ? std::min(gradient, 0.0f) : gradient;
      worst = std::max(worst, std::abs(projected));
      const float next = std::max(dual[k] - gradient / (squares + diagonal_), 0.0f);
      change[k] = projected == 0.0f ? 0.0f : (next - dual[k]) * y;
      dual[k] = projected == 0.0f ? dual[k] : next;
    }
    if (worst == 0.0f) return worst;
    for (int k = 0; k < kBlock; ++k) weights_.back()[k] += change[k];
    ForEachEntry(row, [&](Block& weights, float value) {
      for (int k = 0; k < kBlock; ++k) weights[k] += change[k] * value;
    });
    return worst;
  }

  template <typename Visit>
  void ForEachEntry(std::size_t row, Visit visit) {
    const std::int32_t end = rows_.offsets[row + 1];
    for (std::int32_t at = rows_.offsets[row]; at < end; ++at) {
      if (at + kAhead < end) __builtin_prefetch(&WeightsAt(at + kAhead), 1);
      visit(WeightsAt(at), rows_.values[static_cast<std::size_t>(at)]);
    }
  }
  Block& WeightsAt(std::int32_t entry) {
    return weights_[static_cast<std::size_t>(rows_.columns[static_cast<std::size_t>(entry)])];
  }

  const SparseRows& rows_;
  const std::vector<std::int32_t>& labels_;
  const int first_;
  const int count_;
  const float tolerance_;
  const float diagonal_;  // 1 / 2C
  std::vector<Block> weights_;
  std::vector<Block> dual_;
};

}  // namespace

std::vector<float> TrainOneVsRest(ThreadPool& pool, const SparseRows& rows,
                                  const std::vector<std::int32_t>& labels, int classes,
                                  const OneVsRestOptions& options, const Cancellation& cancellation) {
  const int skipped = classes == 2 ? 1 : 0;
  const int scores = classes - skipped;
  std::vector<float> weights((static_cast<std::size_t>(rows.features) + 1) *
                             static_cast<std::size_t>(scores));
  std::vector<std::int32_t> shifted = labels;
  for (std::int32_t& label : shifted) label -= skipped;
  pool.Run((scores + kBlock - 1) / kBlock, [&](int task) {
    const int first = task * kBlock;
    ClassBlock block(rows, shifted, first, std::min(kBlock, scores - first), options);
    for (int pass = 0; pass < options.passes; ++pass) {
      if (block.Pass(OrderOf(rows.rows(), options.seed, pass), cancellation)) break;
    }
    block.CopyTo(scores, weights.data());
  });
  return weights;
}

}  // namespace advnative
