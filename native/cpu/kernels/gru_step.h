// One time step of a GRU direction: forward with the gates fused into the product's last pass, and the
// elementwise backward.
#pragma once

#include "cpu/kernels/activations.h"
#include "cpu/kernels/kernel_table.h"
#include "cpu/kernels/step_tile.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

// The gates of one vector of hidden units of one text, from their finished sums.
ADVNATIVE_INLINE void GruGates(Vector r_sum, Vector z_sum, Vector n_input, Vector n_recurrent,
                               const Scalar* previous, Scalar* state, Scalar* activations) {
  const auto [r, z] = SigmoidPair(r_sum, z_sum);
  const Vector n = Tanh(n_input + r * n_recurrent);
  Store(state, n + z * (Load(previous) - n));
  if (activations != nullptr) {
    Store(activations, r);
    Store(activations + kLanes, z);
    Store(activations + 2 * kLanes, n);
    Store(activations + 3 * kLanes, n_recurrent);
  }
}

// Rows texts by one panel of hidden units. The input sums of r, z and n fill the tile; that of n is set
// aside, and the same registers go on to take the recurrent sums of r, z and q: nothing but gates and state
// goes to memory.
template <int Rows>
void GruForwardTile(const GruForwardStep& step, int row, int panel) {
  const ForwardStepOperands& operands = step.operands;
  const Scalar* bias = step.bias + panel * 3 * kLanes;
  Vector sums[Rows][3];
  BeginGateSums(operands, row, step.input_weights, bias, panel, sums);
  Vector candidate_input[Rows];
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
    candidate_input[i] = sums[i][2];
    sums[i][2] = Load(step.candidate_bias + panel * kLanes);
  }
  AccumulateGates(operands.hidden, RowsFrom(operands.previous_state, operands.state_stride, row),
                  step.recurrent_weights, panel, sums);
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
    const std::ptrdiff_t at = (row + i) * operands.state_stride + panel * kLanes;
    GruGates(sums[i][0], sums[i][1], candidate_input[i], sums[i][2], operands.previous_state + at,
             operands.state + at, ActivationsAt(step.activations, 4, operands.rows, row + i, panel));
  }
}

inline void GruForward(const GruForwardStep& step) {
  ForEachStepTile<kTileRows>(
      step.operands, [&](int row, auto rows, int panel) { GruForwardTile<rows.value>(step, row, panel); });
}

inline void GruBackward(const GruBackwardGates& step) {
  BackwardThroughGates<4, 4>(step, step.activations,
                             [&](const Scalar* activations, std::ptrdiff_t at, Vector(&gradients)[4]) {
                               const Vector r = Load(activations);
                               const Vector z = Load(activations + kLanes);
                               const Vector n = Load(activations + 2 * kLanes);
                               const Vector q = Load(activations + 3 * kLanes);
                               const Vector dh = Load(step.state_gradient + at);
                               const Vector dn = dh * (Scalar(1) - z) * (Scalar(1) - n * n);
                               gradients[0] = dn;
                               gradients[1] = dn * q * r * (Scalar(1) - r);
                               gradients[2] = dh * (Load(step.previous_state + at) - n) * z * (Scalar(1) - z);
                               gradients[3] = dn * r;
                               Store(step.state_gradient + at, dh * z);
                             });
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
