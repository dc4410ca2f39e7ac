// One time step of a GRU direction with the reset before the recurrent product. The candidate needs r∘h of
// every hidden unit, which makes two products of the step: the gates r and z, then the candidate.
#pragma once

#include "cpu/kernels/activations.h"
#include "cpu/kernels/step_tile.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

// r, z and r∘h of Rows texts by one panel of hidden units.
template <int Rows>
void GruChoGatesTile(const GruChoForwardStep& step, int row, int panel) {
  const ForwardStepOperands& operands = step.operands;
  const Scalar* bias = step.gate_bias + panel * 2 * kLanes;
  Vector sums[Rows][2];
  BeginGateSums(operands, row, step.gate_input_weights, bias, panel, sums);
  AccumulateGates(operands.hidden, RowsFrom(operands.previous_state, operands.state_stride, row),
                  step.gate_recurrent_weights, panel, sums);
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
    const auto [r, z] = SigmoidPair(sums[i][0], sums[i][1]);
    const std::ptrdiff_t at = (row + i) * operands.state_stride + panel * kLanes;
    Scalar* activations = ActivationsAt(step.activations, 3, operands.rows, row + i, panel);
    Store(activations, r);
    Store(activations + kLanes, z);
    Store(step.reset_state + at, r * Load(operands.previous_state + at));
  }
}

// n and h' of Rows texts by Vectors vectors of hidden units, the first of them vector `first`.
template <int Rows, int Vectors>
void GruChoCandidateTile(const GruChoForwardStep& step, int row, int first) {
  constexpr int kPanel = kTileVectors * kLanes;
  const ForwardStepOperands& operands = step.operands;
  const std::ptrdiff_t stride = operands.state_stride;
  const std::ptrdiff_t panel = first / kTileVectors;
  Vector sums[Rows][Vectors];
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
    const Scalar* begin =
        operands.input_sums == InputSums::kComputed
            ? step.candidate_bias
            : operands.projections + operands.words[row + i] * operands.projection_stride + 2 * stride;
#pragma GCC unroll 3
    for (int v = 0; v < Vectors; ++v) sums[i][v] = Load(begin + (first + v) * kLanes);
  }
  if (operands.input_sums == InputSums::kComputed) {
    AccumulateTile<Rows, Vectors>(
        operands.embedding, RowsFrom(operands.input, operands.input_stride, row),
        {step.candidate_input_weights + panel * operands.embedding * kPanel, kPanel}, sums);
  }
  AccumulateTile<Rows, Vectors>(operands.hidden, RowsFrom(step.reset_state, stride, row),
                                {step.candidate_recurrent_weights + panel * operands.hidden * kPanel, kPanel},
                                sums);
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
#pragma GCC unroll 3
    for (int v = 0; v < Vectors; ++v) {
      Scalar* activations = ActivationsAt(step.activations, 3, operands.rows, row + i, first + v);
      const std::ptrdiff_t at = (row + i) * stride + (first + v) * kLanes;
      const Vector n = Tanh(sums[i][v]);
      Store(activations + 2 * kLanes, n);
      Store(operands.state + at, n + Load(activations + kLanes) * (Load(operands.previous_state + at) - n));
    }
  }
}

inline void GruChoForward(const GruChoForwardStep& step) {
  const int vectors = (step.operands.hidden + kLanes - 1) / kLanes;
  ForEachStepTile<kTileRows>(
      step.operands, [&](int row, auto rows, int panel) { GruChoGatesTile<rows.value>(step, row, panel); });
  for (int first = 0; first < vectors; first += kTileVectors) {
    WithRows<kTileVectors>(vectors - first < kTileVectors ? vectors - first : kTileVectors, [&](auto width) {
      ForEachRowTile<kTileRows>(step.operands.rows, [&](int row, auto rows) {
        GruChoCandidateTile<rows.value, width.value>(step, row, first);
      });
    });
  }
}

// Panels outside, rows inside: the activations are read in the order they were written, and the bias
// gradients of a panel stay in registers.
inline void GruChoBackwardCandidate(const GruChoBackwardGates& step) {
  const std::ptrdiff_t stride = step.state_stride;
  const Scalar* activations = step.activations;
  for (std::ptrdiff_t j = 0; j < stride; j += kLanes) {
    Vector z_bias = Load(step.bias_gradient + stride + j);
    Vector n_bias = Load(step.bias_gradient + 2 * stride + j);
    for (int row = 0; row < step.rows; ++row, activations += 3 * kLanes) {
      const Vector z = Load(activations + kLanes);
      const Vector n = Load(activations + 2 * kLanes);
      Scalar* state_gradient = step.state_gradient + row * stride + j;
      const Vector dh = Load(state_gradient);
      const Vector dn = dh * (Scalar(1) - z) * (Scalar(1) - n * n);
      const Vector dz = dh * (Load(step.previous_state + row * stride + j) - n) * z * (Scalar(1) - z);
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

inline void GruChoBackwardReset(const GruChoBackwardGates& step) {
  const std::ptrdiff_t stride = step.state_stride;
  const Scalar* activations = step.activations;
  for (std::ptrdiff_t j = 0; j < stride; j += kLanes) {
    Vector r_bias = Load(step.bias_gradient + j);
    for (int row = 0; row < step.rows; ++row, activations += 3 * kLanes) {
      const std::ptrdiff_t at = row * stride + j;
      const Vector r = Load(activations);
      const Vector reset_state = r * Load(step.previous_state + at);
      const Vector reset_state_gradient = Load(step.reset_state_gradient + at);
      const Vector dr = reset_state_gradient * reset_state * (Scalar(1) - r);
      Store(step.state_gradient + at, Load(step.state_gradient + at) + reset_state_gradient * r);
      Store(step.gate_gradients + row * 3 * stride + j, dr);
      Store(step.reset_state + at, reset_state);
      r_bias += dr;
    }
    Store(step.bias_gradient + j, r_bias);
  }
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
