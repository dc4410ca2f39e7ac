// One time step of a GRU direction: forward with the gates fused into the product's last pass, and the
// elementwise backward.
#pragma once

#include "cpu/kernels/activations.h"
#include "cpu/kernels/kernel_table.h"
#include "cpu/kernels/step_tile.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

// The gates of one vector of hidden units of one text, from their finished sums.
template <typename Scalar>
ADVNATIVE_INLINE void GruGates(Vector<Scalar> r_sum, Vector<Scalar> z_sum, Vector<Scalar> n_input,
                               Vector<Scalar> n_recurrent, const Scalar* previous, Scalar* state,
                               Scalar* activations) {
  const auto [r, z] = SigmoidPair<Scalar>(r_sum, z_sum);
  const Vector<Scalar> n = Tanh<Scalar>(n_input + r * n_recurrent);
  Store(state, n + z * (Load(previous) - n));
  if (activations != nullptr) {
    Store(activations, r);
    Store(activations + kLanes<Scalar>, z);
    Store(activations + 2 * kLanes<Scalar>, n);
    Store(activations + 3 * kLanes<Scalar>, n_recurrent);
  }
}

// Rows texts by one panel of hidden units. The input sums of r, z and n fill the tile; that of n is set
// aside, and the same registers go on to take the recurrent sums of r, z and q: nothing but gates and state
// goes to memory.
template <typename Scalar, int Rows>
void GruForwardTile(const GruForwardStep<Scalar>& step, int row, int panel) {
  constexpr int kWidth = kLanes<Scalar>;
  const ForwardStepOperands<Scalar>& operands = step.operands;
  const Scalar* bias = step.bias + panel * 3 * kWidth;
  Vector<Scalar> sums[Rows][3];
  BeginGateSums<Scalar>(operands, row, step.input_weights, bias, panel, sums);
  Vector<Scalar> candidate_input[Rows];
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
    candidate_input[i] = sums[i][2];
    sums[i][2] = Load(step.candidate_bias + panel * kWidth);
  }
  AccumulateGates<Scalar>(operands.previous_state, operands.state_stride, row, step.recurrent_weights,
                          operands.hidden, panel, sums);
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
    const std::ptrdiff_t at = (row + i) * operands.state_stride + panel * kWidth;
    GruGates<Scalar>(sums[i][0], sums[i][1], candidate_input[i], sums[i][2], operands.previous_state + at,
                     operands.state + at,
                     ActivationsAt<Scalar>(step.activations, 4, operands.rows, row + i, panel));
  }
}

template <typename Scalar>
void GruForward(const GruForwardStep<Scalar>& step) {
  ForEachStepTile<kTileRows>(step.operands, [&](int row, auto rows, int panel) {
    GruForwardTile<Scalar, rows.value>(step, row, panel);
  });
}

template <typename Scalar>
void GruBackward(const GruBackwardGates<Scalar>& step) {
  constexpr int kWidth = kLanes<Scalar>;
  BackwardThroughGates<4, 4>(
      step, step.activations,
      [&](const Scalar* activations, std::ptrdiff_t at, Vector<Scalar>(&gradients)[4]) {
        const Vector<Scalar> r = Load(activations);
        const Vector<Scalar> z = Load(activations + kWidth);
        const Vector<Scalar> n = Load(activations + 2 * kWidth);
        const Vector<Scalar> q = Load(activations + 3 * kWidth);
        const Vector<Scalar> dh = Load<Scalar>(step.state_gradient + at);
        const Vector<Scalar> dn = dh * (Scalar(1) - z) * (Scalar(1) - n * n);
        gradients[0] = dn;
        gradients[1] = dn * q * r * (Scalar(1) - r);
        gradients[2] = dh * (Load(step.previous_state + at) - n) * z * (Scalar(1) - z);
        gradients[3] = dn * r;
        Store(step.state_gradient + at, dh * z);
      });
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
