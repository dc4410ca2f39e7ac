// One time step of an LSTM direction: forward with the gates fused into the product's last pass, and the
// elementwise backward.
#pragma once

#include "cpu/kernels/activations.h"
#include "cpu/kernels/step_tile.h"

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
  ForEachStepTile<kLstmTileRows>(step.operands, [&](int row, auto rows, int panel) {
    LstmForwardTile<Scalar, rows.value>(step, row, panel);
  });
}

template <typename Scalar>
void LstmBackward(const LstmBackwardGates<Scalar>& step) {
  constexpr int kWidth = kLanes<Scalar>;
  BackwardThroughGates<5, 4>(
      step, step.activations,
      [&](const Scalar* activations, std::ptrdiff_t at, Vector<Scalar>(&gradients)[4]) {
        const Vector<Scalar> i = Load(activations);
        const Vector<Scalar> f = Load(activations + kWidth);
        const Vector<Scalar> g = Load(activations + 2 * kWidth);
        const Vector<Scalar> o = Load(activations + 3 * kWidth);
        const Vector<Scalar> c = Load(activations + 4 * kWidth);
        const Vector<Scalar> t = Tanh<Scalar>(f * c + i * g);
        const Vector<Scalar> dh = Load(step.state_gradient + at);
        const Vector<Scalar> dc = Load<Scalar>(step.cell_state_gradient + at) + dh * o * (Scalar(1) - t * t);
        gradients[0] = dc * g * i * (Scalar(1) - i);
        gradients[1] = dc * c * f * (Scalar(1) - f);
        gradients[2] = dc * i * (Scalar(1) - g * g);
        gradients[3] = dh * t * o * (Scalar(1) - o);
        Store(step.cell_state_gradient + at, dc * f);
      });
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
