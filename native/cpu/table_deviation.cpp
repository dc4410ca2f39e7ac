#include "cpu/table_deviation.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/chunks.h"

namespace advnative {

TableDeviation::TableDeviation(const KernelTable& kernels, std::size_t size)
    : kernels_(kernels), size_(size), chunks_((size + kChunk - 1) / kChunk) {}

void TableDeviation::MeasureChunk(const Scalar* table, std::size_t begin, std::size_t count) {
  if (begin >= size_) return;
  count = std::min(count, size_ - begin);
  chunks_[begin / kChunk] = {kernels_.sum(table + begin, count),
                             kernels_.sum_of_squares(table + begin, count)};
}

bool TableDeviation::TableChanges() {
  measured_ = false;
  return std::exchange(asked_, false);
}

double TableDeviation::Value(ThreadPool& pool, const Scalar* table) {
  asked_ = true;
  if (!measured_) {
    ForEachChunk(pool, size_,
                 [&](std::size_t begin, std::size_t count) { MeasureChunk(table, begin, count); });
  }
  measured_ = true;
  Sums sums;
  for (const Sums& chunk : chunks_) {
    sums.values += chunk.values;
    sums.squares += chunk.squares;
  }
  const double mean = sums.values / static_cast<double>(size_);
  // Never below 0, where all entries are equal and rounding decides.
  return std::sqrt(std::max(0.0, sums.squares / static_cast<double>(size_) - mean * mean));
}

}  // namespace advnative
