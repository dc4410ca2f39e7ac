// One time step of an LSTM direction: forward with the gates fused into the product's last pass, and the
// elementwise backward.
#pragma once

#include "kernels/activations.h"
#include "kernels/step_tile.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

// Four vectors of gates a row: with the four of the weights and one of the state, what 32 or 16 registers
// hold.
inline constexpr int kLstmTileRows = kTileRows * 3 / 4;

// The gates and states of one vector of hidden units of one text, from their finished sums.
template <typename Scalar>
ADVNATIVE_INLINE void LstmGates(const Vector<Scalar> (&sums)[4], Scalar* cell_state, Scalar* state,
                                Scalar* activations) {
  constexpr int kWidth = kLanes<Scalar>;
  const auto [i, f] = SigmoidPair<Scalar>(sums[0], sums[1]);
  const auto [o, g] = SigmoidAndTanh<Scalar>(sums[3], sums[2]);
  const Vector<Scalar> previous = Load<Scalar>(cell_state);
  const Vector<Scalar> c = f * previous + i * g;
  Store(cell_state, c);
  Store(state, o * Tanh<Scalar>(c));
  if (activations != nullptr) {
    Store(activations, i);
    Store(activations + kWidth, f);
    Store(activations + 2 * kWidth, g);
    Store(activations + 3 * kWidth, o);
    Store(activations + 4 * kWidth, previous);
  }
}

// Rows texts by one panel of hidden units: nothing but gates and states goes to memory.
template <typename Scalar, int Rows>
void LstmForwardTile(const LstmForwardStep<Scalar>& step, int row, int panel) {
  constexpr int kWidth = kLanes<Scalar>;
  const ForwardStepOperands<Scalar>& operands = step.operands;
  const Scalar* bias = step.bias + panel * 4 * kWidth;
  Vector<Scalar> sums[Rows][4];
  BeginGateSums<Scalar>(operands, row, step.input_weights, bias, panel, sums);
  AccumulateGates<Scalar>(operands.previous_state, operands.state_stride, row, step.recurrent_weights,
                          operands.hidden, panel, sums);
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
    const std::ptrdiff_t at = (row + i) * operands.state_stride + panel * kWidth;
    LstmGates<Scalar>(sums[i], step.cell_state + at, operands.state + at,
                      ActivationsAt<Scalar>(step.activations, 5, operands.rows, row + i, panel));
  }
}

template <typename Scalar>
void LstmForward(const LstmForwardStep<Scalar>& step) {
  const int panels = (step.operands.hidden + kLanes<Scalar> - 1) / kLanes<Scalar>;
  for (int panel = 0; panel < panels; ++panel) {
    ForEachRowTile<kLstmTileRows>(step.operands.rows, [&](int row, auto rows) {
      LstmForwardTile<Scalar, rows.value>(step, row, panel);
    });
  }
}

// Panels outside, rows inside: the activations are read in the order they were written, and the bias
// gradients of a panel stay in registers.
template <typename Scalar>
void LstmBackward(const LstmBackwardGates<Scalar>& step) {
  constexpr int kWidth = kLanes<Scalar>;
  const std::ptrdiff_t stride = step.state_stride;
  const Scalar* activations = step.activations;
  for (std::ptrdiff_t j = 0; j < stride; j += kWidth) {
    Vector<Scalar> bias_gradient[4];
#pragma GCC unroll 4
    for (int k = 0; k < 4; ++k) bias_gradient[k] = Load<Scalar>(step.bias_gradient + k * stride + j);
    for (int row = 0; row < step.rows; ++row, activations += 5 * kWidth) {
      const Vector<Scalar> i = Load(activations);
      const Vector<Scalar> f = Load(activations + kWidth);
      const Vector<Scalar> g = Load(activations + 2 * kWidth);
      const Vector<Scalar> o = Load(activations + 3 * kWidth);
      const Vector<Scalar> c = Load(activations + 4 * kWidth);
      const Vector<Scalar> t = Tanh<Scalar>(f * c + i * g);
      const Vector<Scalar> dh = Load(step.state_gradient + row * stride + j);
      Scalar* cell_state_gradient = step.cell_state_gradient + row * stride + j;
      const Vector<Scalar> dc = Load<Scalar>(cell_state_gradient) + dh * o * (Scalar(1) - t * t);
      const Vector<Scalar> gradients[4] = {dc * g * i * (Scalar(1) - i), dc * c * f * (Scalar(1) - f),
                                           dc * i * (Scalar(1) - g * g), dh * t * o * (Scalar(1) - o)};
      Store(cell_state_gradient, dc * f);
      Scalar* out = step.gate_gradients + row * 4 * stride + j;
#pragma GCC unroll 4
      for (int k = 0; k < 4; ++k) {
        Store(out + k * stride, gradients[k]);
        bias_gradient[k] += gradients[k];
      }
    }
#pragma GCC unroll 4
    for (int k = 0; k < 4; ++k) Store(step.bias_gradient + k * stride + j, bias_gradient[k]);
  }
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
