// How a batch is cut into slices that are computed independently, and the order of tokens within one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "model/cell_type.h"

namespace advnative {

// How many slices a batch of `texts` is cut into: four, so that many threads find work, but none of fewer
// than 8 texts, a full tile of the kernels, and none of more than 32. It depends on the batch alone, never on
// the number of threads, because the sums of the weight gradients are taken slice by slice.
inline int SliceCount(int texts) {
  constexpr int kWanted = 4, kLeastRows = 8, kMostRows = 32;
  const auto slices_of = [texts](int rows) { return (texts + rows - 1) / rows; };
  return std::max(slices_of(kMostRows), std::min(kWanted, slices_of(kLeastRows)));
}

// Some of a batch's texts, sorted by falling length, their tokens in time-major order without padding: the
// tokens of time step t are rows step_begin[t] … step_begin[t + 1] − 1, and row i of every step belongs to
// texts[i].
struct Slice {
  std::vector<std::int32_t> texts;       // numbers of the batch's texts
  std::vector<std::int32_t> lengths;     // tokens of each, falling
  std::vector<std::int32_t> step_begin;  // time steps + 1

  int rows() const { return static_cast<int>(texts.size()); }
  int steps() const { return static_cast<int>(step_begin.size()) - 1; }
  int tokens() const { return step_begin.back(); }
  int active(int step) const {
    return step_begin[static_cast<std::size_t>(step) + 1] - step_begin[static_cast<std::size_t>(step)];
  }
};

// Where the token that `direction` reads at `step` of a text of `length` tokens stands in that text: the
// reverse direction begins at the text's own last token.
inline std::int32_t TokenPosition(Direction direction, std::int32_t length, int step) {
  return direction == Direction::kForward ? step : length - 1 - step;
}

// Cuts the texts, sorted by falling length, into `count` slices of numbers of texts that differ by one at
// most. Texts of similar length together keep the kernels' tiles full, and the longest slices, which begin
// first, leave the short ones to fill the gaps between threads. offsets: B + 1 rising positions.
std::vector<Slice> CutIntoSlices(const std::vector<std::int32_t>& offsets, int count);
inline std::vector<Slice> CutIntoSlices(const std::vector<std::int32_t>& offsets) {
  return CutIntoSlices(offsets, SliceCount(static_cast<int>(offsets.size()) - 1));
}

}  // namespace advnative
