// The rows of the table of n-grams that a batch reads. A step does for these alone what Adam, its norm and
// the average do for all other parameters, so that it costs what the batch has and not what the table has.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/thread_pool.h"

namespace advnative {

class TouchedRows {
 public:
  // Of a table [rows][width] at `offset` of the parameters; of no rows where there is no table.
  TouchedRows(std::size_t offset, std::size_t rows, std::size_t width)
      : offset_(offset), width_(width), seen_(Words(rows)) {}

  // Bytes of a table of so many rows, beside 4 for each that a batch reads.
  static std::size_t Bytes(std::size_t rows) { return BytesOfBlock(Words(rows) * sizeof(std::uint64_t)); }

  // Makes them those of `read`, each once, in rising order.
  void Find(const std::vector<std::int32_t>& read) {
    for (const std::int32_t row : read) {
      seen_[static_cast<std::size_t>(row) / 64] |= std::uint64_t{1} << (row % 64);
    }
    rows_.clear();
    for (std::size_t word = 0; word < seen_.size(); ++word) {
      for (std::uint64_t bits = std::exchange(seen_[word], 0); bits != 0; bits &= bits - 1) {
        rows_.push_back(static_cast<std::int32_t>(64 * word) + std::countr_zero(bits));
      }
    }
  }

  // Forgets them and gives back their memory.
  void Free() { rows_ = {}; }

  // visit(block, rows) for each block of them, which depends on the batch alone, on some thread.
  template <typename Visit>
  void ForEachBlock(ThreadPool& pool, Visit visit) const {
    pool.Run(static_cast<int>(Blocks()), [&](int block) {
      const auto first = static_cast<std::size_t>(block) * kBlock;
      visit(static_cast<std::size_t>(block),
            std::span(rows_).subspan(first, std::min(kBlock, rows_.size() - first)));
    });
  }

  std::size_t Blocks() const { return (rows_.size() + kBlock - 1) / kBlock; }
  // Where a row begins among the parameters, and its elements.
  std::size_t Place(std::int32_t row) const { return offset_ + static_cast<std::size_t>(row) * width_; }
  std::size_t width() const { return width_; }

 private:
  static constexpr std::size_t kBlock = 128;
  static std::size_t Words(std::size_t rows) { return (rows + 63) / 64; }

  std::size_t offset_;
  std::size_t width_;
  AlignedBuffer<std::uint64_t> seen_;  // a bit a row, all 0 but within Find
  std::vector<std::int32_t> rows_;
};

}  // namespace advnative
