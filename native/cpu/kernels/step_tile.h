// What the tiles of every cell's forward step share.
#pragma once

#include "cpu/kernels/kernel_table.h"
#include "cpu/kernels/tile.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

// Rows of a row-major matrix [·][stride] from `row` on.
ADVNATIVE_INLINE TileOperand RowsFrom(const Scalar* matrix, std::ptrdiff_t stride, int row) {
  return {matrix + row * stride, stride, 1};
}

// sums[i][gate] += row i of a, `depth` of it, times panel `panel` of packed gate weights
// [panel][depth][Gates·lanes].
template <int Rows, int Gates>
ADVNATIVE_INLINE void AccumulateGates(int depth, TileOperand a, const Scalar* weights, int panel,
                                      Vector (&sums)[Rows][Gates]) {
  constexpr int kWidth = Gates * kLanes;
  AccumulateTile<Rows, Gates>(depth, a,
                              {weights + static_cast<std::ptrdiff_t>(panel) * depth * kWidth, kWidth}, sums);
}

// sums = bias + input·W, the input's part of the gates' sums.
template <int Rows, int Gates>
ADVNATIVE_INLINE void ComputeInputSums(int embedding, TileOperand input, const Scalar* weights,
                                       const Scalar* bias, int panel, Vector (&sums)[Rows][Gates]) {
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
#pragma GCC unroll 4
    for (int gate = 0; gate < Gates; ++gate) sums[i][gate] = Load(bias + gate * kLanes);
  }
  AccumulateGates(embedding, input, weights, panel, sums);
}

// The same, or the row of each text's word from the projections. `bias` is that of the panel.
template <int Rows, int Gates>
ADVNATIVE_INLINE void BeginGateSums(const ForwardStepOperands& operands, int row, const Scalar* weights,
                                    const Scalar* bias, int panel, Vector (&sums)[Rows][Gates]) {
  if (operands.input_sums == InputSums::kComputed) {
    return ComputeInputSums(operands.embedding, RowsFrom(operands.input, operands.input_stride, row), weights,
                            bias, panel, sums);
  }
  const Scalar* projections = operands.projections + static_cast<std::ptrdiff_t>(panel) * Gates * kLanes;
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
    const Scalar* from = projections + operands.words[row + i] * operands.projection_stride;
#pragma GCC unroll 4
    for (int gate = 0; gate < Gates; ++gate) sums[i][gate] = Load(from + gate * kLanes);
  }
}

template <int Gates>
void Project(const Projection& projection) {
  // As many accumulators as a tile of three vectors has.
  constexpr int kRows = kTileRows * 3 / (Gates > 3 ? Gates : 3);
  const int panels = (projection.hidden + kLanes - 1) / kLanes;
  for (int panel = 0; panel < panels; ++panel) {
    const Scalar* bias = projection.bias + panel * Gates * kLanes;
    ForEachRowTile<kRows>(projection.rows, [&](int row, auto rows) {
      Vector sums[rows.value][Gates];
      ComputeInputSums(projection.embedding, RowsFrom(projection.input, projection.input_stride, row),
                       projection.input_weights, bias, panel, sums);
#pragma GCC unroll 8
      for (int i = 0; i < rows.value; ++i) {
        Scalar* to =
            projection.projections + (row + i) * projection.projection_stride + panel * Gates * kLanes;
#pragma GCC unroll 4
        for (int gate = 0; gate < Gates; ++gate) Store(to + gate * kLanes, sums[i][gate]);
      }
    });
  }
}

// The place of one row and panel in activations [panel][rows][count·lanes]; null stays null.
ADVNATIVE_INLINE Scalar* ActivationsAt(Scalar* activations, int count, int rows, int row, int panel) {
  if (activations == nullptr) return nullptr;
  return activations + (static_cast<std::ptrdiff_t>(panel) * rows + row) * count * kLanes;
}

// Calls visit(row, Constant<Rows>, panel) for every tile of a step: panels of hidden units outside, texts
// inside.
template <int MostRows, typename Visit>
ADVNATIVE_INLINE void ForEachStepTile(const ForwardStepOperands& operands, Visit visit) {
  const int panels = (operands.hidden + kLanes - 1) / kLanes;
  for (int panel = 0; panel < panels; ++panel) {
    ForEachRowTile<MostRows>(operands.rows, [&](int row, auto rows) { visit(row, rows, panel); });
  }
}

// The elementwise backward of a step whose rows of gate gradients are written at once: `cell` makes the
// gradients of one vector of hidden units of one text, which lies at `at` in [rows][H*], from its
// activations. Panels outside, rows inside: the activations are read in the order they were written, and the
// bias gradients of a panel stay in registers.
template <int Activations, int Gradients, typename Step, typename Cell>
ADVNATIVE_INLINE void BackwardThroughGates(const Step& step, const Scalar* activations, Cell cell) {
  const std::ptrdiff_t stride = step.state_stride;
  for (std::ptrdiff_t j = 0; j < stride; j += kLanes) {
    Vector bias_gradient[Gradients];
#pragma GCC unroll 4
    for (int k = 0; k < Gradients; ++k) bias_gradient[k] = Load(step.bias_gradient + k * stride + j);
    for (int row = 0; row < step.rows; ++row, activations += Activations * kLanes) {
      Vector gradients[Gradients];
      cell(activations, row * stride + j, gradients);
      Scalar* out = step.gate_gradients + row * Gradients * stride + j;
#pragma GCC unroll 4
      for (int k = 0; k < Gradients; ++k) {
        Store(out + k * stride, gradients[k]);
        bias_gradient[k] += gradients[k];
      }
    }
#pragma GCC unroll 4
    for (int k = 0; k < Gradients; ++k) Store(step.bias_gradient + k * stride + j, bias_gradient[k]);
  }
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
