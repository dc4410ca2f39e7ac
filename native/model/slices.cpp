#include "model/slices.h"

#include <algorithm>
#include <numeric>

namespace advnative {

namespace {

void CountSteps(Slice& slice) {
  const int steps = slice.lengths.front();
  slice.step_begin.assign(1, 0);
  slice.step_begin.reserve(static_cast<std::size_t>(steps) + 1);
  int active = slice.rows();
  for (int step = 0; step < steps; ++step) {
    while (slice.lengths[static_cast<std::size_t>(active) - 1] <= step) --active;
    slice.step_begin.push_back(slice.step_begin.back() + active);
  }
}

}  // namespace

std::vector<Slice> CutIntoSlices(const std::vector<std::int32_t>& offsets, int count) {
  const std::size_t texts = offsets.size() - 1;
  const auto length = [&offsets](std::int32_t text) {
    return offsets[static_cast<std::size_t>(text) + 1] - offsets[static_cast<std::size_t>(text)];
  };
  std::vector<std::int32_t> order(texts);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&length](std::int32_t a, std::int32_t b) { return length(a) > length(b); });
  std::vector<Slice> slices(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < texts; ++i) {
    Slice& slice = slices[i * slices.size() / texts];
    slice.texts.push_back(order[i]);
    slice.lengths.push_back(length(order[i]));
  }
  for (Slice& slice : slices) CountSteps(slice);
  return slices;
}

}  // namespace advnative
