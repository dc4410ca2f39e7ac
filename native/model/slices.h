// How a batch is cut into slices that are computed independently, and the order of tokens within one.
#pragma once

#include <cstdint>
#include <vector>

namespace advnative {

// Most texts of one slice. The cut depends on the batch alone, never on the number of threads, because the
// sums of the weight gradients are taken slice by slice.
inline constexpr int kSliceRows = 32;

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

enum class Direction { kForward, kReverse };

// Where the token that `direction` reads at `step` of a text of `length` tokens stands in that text: the
// reverse direction begins at the text's own last token.
inline std::int32_t TokenPosition(Direction direction, std::int32_t length, int step) {
  return direction == Direction::kForward ? step : length - 1 - step;
}

// Deals the texts, sorted by falling length, to ceil(B / kSliceRows) slices in turn, so that slices cost
// alike. offsets: B + 1 rising positions.
std::vector<Slice> CutIntoSlices(const std::vector<std::int32_t>& offsets);

}  // namespace advnative
