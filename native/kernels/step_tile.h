// What the tiles of every cell's forward step share.
#pragma once

#include "kernels/kernel_table.h"
#include "kernels/tile.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

// sums[i][gate] += row (row + i) of a [·][stride], `depth` of it, times panel `panel` of packed gate weights
// [panel][depth][Gates·lanes].
template <typename Scalar, int Rows, int Gates>
ADVNATIVE_INLINE void AccumulateGates(const Scalar* a, std::ptrdiff_t stride, int row, const Scalar* weights,
                                      int depth, int panel, Vector<Scalar> (&sums)[Rows][Gates]) {
  constexpr int kWidth = Gates * kLanes<Scalar>;
  AccumulateTile<Scalar, Rows, Gates>(depth, a + row * stride, stride, 1,
                                      weights + static_cast<std::ptrdiff_t>(panel) * depth * kWidth, kWidth,
                                      sums);
}

// The place of one row and panel in activations [panel][rows][count·lanes]; null stays null.
template <typename Scalar>
ADVNATIVE_INLINE Scalar* ActivationsAt(Scalar* activations, int count, int rows, int row, int panel) {
  if (activations == nullptr) return nullptr;
  return activations + (static_cast<std::ptrdiff_t>(panel) * rows + row) * count * kLanes<Scalar>;
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
