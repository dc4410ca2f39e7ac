// One time step of a GRU direction with the reset before the recurrent product. The candidate needs r∘h of
// every hidden unit, which makes two products of the step: the gates r and z, then the candidate.
#pragma once

#include "cpu/kernels/activations.h"
#include "cpu/kernels/step_tile.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

// r, z and r∘h of Rows texts by one panel of hidden units.
template <typename Scalar, int Rows>
void GruChoGatesTile(const GruChoForwardStep<Scalar>& step, int row, int panel) {
  constexpr int kWidth = kLanes<Scalar>;
  const ForwardStepOperands<Scalar>& operands = step.operands;
  const Scalar* bias = step.gate_bias + panel * 2 * kWidth;
  Vector<Scalar> sums[Rows][2];
  BeginGateSums<Scalar>(operands, row, step.gate_input_weights, bias, panel, sums);
  AccumulateGates<Scalar>(operands.previous_state, operands.state_stride, row, step.gate_recurrent_weights,
                          operands.hidden, panel, sums);
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
    const auto [r, z] = SigmoidPair<Scalar>(sums[i][0], sums[i][1]);
    const std::ptrdiff_t at = (row + i) * operands.state_stride + panel * kWidth;
    Scalar* activations = ActivationsAt<Scalar>(step.activations, 3, operands.rows, row + i, panel);
    Store(activations, r);
    Store(activations + kWidth, z);
    Store(step.reset_state + at, r * Load(operands.previous_state + at));
  }
}

// n and h' of Rows texts by Vectors vectors of hidden units, the first of them vector `first`.
template <typename Scalar, int Rows, int Vectors>
void GruChoCandidateTile(const GruChoForwardStep<Scalar>& step, int row, int first) {
  constexpr int kWidth = kLanes<Scalar>;
  constexpr int kPanel = kTileVectors * kWidth;
  const ForwardStepOperands<Scalar>& operands = step.operands;
  const std::ptrdiff_t stride = operands.state_stride;
  const std::ptrdiff_t panel = first / kTileVectors;
  Vector<Scalar> sums[Rows][Vectors];
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
    const Scalar* begin =
        operands.projections == nullptr
            ? step.candidate_bias
            : operands.projections + operands.words[row + i] * operands.projection_stride + 2 * stride;
#pragma GCC unroll 3
    for (int v = 0; v < Vectors; ++v) sums[i][v] = Load(begin + (first + v) * kWidth);
  }
  if (operands.projections == nullptr) {
    AccumulateTile<Scalar, Rows, Vectors>(
        operands.embedding, operands.input + row * operands.input_stride, operands.input_stride, 1,
        step.candidate_input_weights + panel * operands.embedding * kPanel, kPanel, sums);
  }
  AccumulateTile<Scalar, Rows, Vectors>(operands.hidden, step.reset_state + row * stride, stride, 1,
                                        step.candidate_recurrent_weights + panel * operands.hidden * kPanel,
                                        kPanel, sums);
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
#pragma GCC unroll 3
    for (int v = 0; v < Vectors; ++v) {
      Scalar* activations = ActivationsAt<Scalar>(step.activations, 3, operands.rows, row + i, first + v);
      const std::ptrdiff_t at = (row + i) * stride + (first + v) * kWidth;
      const Vector<Scalar> n = Tanh<Scalar>(sums[i][v]);
      Store(activations + 2 * kWidth, n);
      Store(operands.state + at,
            n + Load<Scalar>(activations + kWidth) * (Load(operands.previous_state + at) - n));
    }
  }
}

template <typename Scalar>
void GruChoForward(const GruChoForwardStep<Scalar>& step) {
  const int vectors = (step.operands.hidden + kLanes<Scalar> - 1) / kLanes<Scalar>;
  ForEachStepTile<kTileRows>(step.operands, [&](int row, auto rows, int panel) {
    GruChoGatesTile<Scalar, rows.value>(step, row, panel);
  });
  for (int first = 0; first < vectors; first += kTileVectors) {
    WithRows<kTileVectors>(vectors - first < kTileVectors ? vectors - first : kTileVectors, [&](auto width) {
      ForEachRowTile<kTileRows>(step.operands.rows, [&](int row, auto rows) {
        GruChoCandidateTile<Scalar, rows.value, width.value>(step, row, first);
      });
    });
  }
}

// Panels outside, rows inside: the activations are read in the order they were written, and the bias
// gradients of a panel stay in registers.
template <typename Scalar>
void GruChoBackwardCandidate(const GruChoBackwardGates<Scalar>& step) {
  constexpr int kWidth = kLanes<Scalar>;
  const std::ptrdiff_t stride = step.state_stride;
  const Scalar* activations = step.activations;
  for (std::ptrdiff_t j = 0; j < stride; j += kWidth) {
    Vector<Scalar> z_bias = Load<Scalar>(step.bias_gradient + stride + j);
    Vector<Scalar> n_bias = Load<Scalar>(step.bias_gradient + 2 * stride + j);
    for (int row = 0; row < step.rows; ++row, activations += 3 * kWidth) {
      const Vector<Scalar> z = Load(activations + kWidth);
      const Vector<Scalar> n = Load(activations + 2 * kWidth);
      Scalar* state_gradient = step.state_gradient + row * stride + j;
      const Vector<Scalar> dh = Load<Scalar>(state_gradient);
      const Vector<Scalar> dn = dh * (Scalar(1) - z) * (Scalar(1) - n * n);
      const Vector<Scalar> dz = dh * (Load(step.previous_state + row * stride + j) - n) * z * (Scalar(1) - z);
      Store(state_gradient, dh * z);
      Scalar* out = step.gate_gradients + row * 3 * stride + j;
      Store(out + stride, dz);
      Store(out + 2 * stride, dn);
      z_bias += dz;
      n_bias += dn;
    }
    Store(step.bias_gradient + stride + j, z_bias);
    Store(step.bias_gradient + 2 * stride + j, n_bias);
  }
}

template <typename Scalar>
void GruChoBackwardReset(const GruChoBackwardGates<Scalar>& step) {
  constexpr int kWidth = kLanes<Scalar>;
  const std::ptrdiff_t stride = step.state_stride;
  const Scalar* activations = step.activations;
  for (std::ptrdiff_t j = 0; j < stride; j += kWidth) {
    Vector<Scalar> r_bias = Load<Scalar>(step.bias_gradient + j);
    for (int row = 0; row < step.rows; ++row, activations += 3 * kWidth) {
      const std::ptrdiff_t at = row * stride + j;
      const Vector<Scalar> r = Load(activations);
      const Vector<Scalar> reset_state = r * Load(step.previous_state + at);
      const Vector<Scalar> reset_state_gradient = Load(step.reset_state_gradient + at);
      const Vector<Scalar> dr = reset_state_gradient * reset_state * (Scalar(1) - r);
      Store(step.state_gradient + at, Load<Scalar>(step.state_gradient + at) + reset_state_gradient * r);
      Store(step.gate_gradients + row * 3 * stride + j, dr);
      Store(step.reset_state + at, reset_state);
      r_bias += dr;
    }
    Store(step.bias_gradient + j, r_bias);
  }
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
