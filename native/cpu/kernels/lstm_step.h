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
ADVNATIVE_INLINE void LstmGates(const Vector (&sums)[4], Scalar* cell_state, Scalar* state,
                                Scalar* activations) {
  const auto [i, f] = SigmoidPair(sums[0], sums[1]);
  const auto [o, g] = SigmoidAndTanh(sums[3], sums[2]);
  const Vector previous = Load(cell_state);
  const Vector c = f * previous + i * g;
  Store(cell_state, c);
  Store(state, o * Tanh(c));
  if (activations != nullptr) {
    Store(activations, i);
    Store(activations + kLanes, f);
    Store(activations + 2 * kLanes, g);
    Store(activations + 3 * kLanes, o);
    Store(activations + 4 * kLanes, previous);
  }
}

// Rows texts by one panel of hidden units: nothing but gates and states goes to memory.
template <int Rows>
void LstmForwardTile(const LstmForwardStep& step, int row, int panel) {
  const ForwardStepOperands& operands = step.operands;
  const Scalar* bias = step.bias + panel * 4 * kLanes;
  Vector sums[Rows][4];
  BeginGateSums(operands, row, step.input_weights, bias, panel, sums);
  AccumulateGates(operands.hidden, RowsFrom(operands.previous_state, operands.state_stride, row),
                  step.recurrent_weights, panel, sums);
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
    const std::ptrdiff_t at = (row + i) * operands.state_stride + panel * kLanes;
    LstmGates(sums[i], step.cell_state + at, operands.state + at,
              ActivationsAt(step.activations, 5, operands.rows, row + i, panel));
  }
}

inline void LstmForward(const LstmForwardStep& step) {
  ForEachStepTile<kLstmTileRows>(
      step.operands, [&](int row, auto rows, int panel) { LstmForwardTile<rows.value>(step, row, panel); });
}

inline void LstmBackward(const LstmBackwardGates& step) {
  BackwardThroughGates<5, 4>(
      step, step.activations, [&](const Scalar* activations, std::ptrdiff_t at, Vector(&gradients)[4]) {
        const Vector i = Load(activations);
        const Vector f = Load(activations + kLanes);
        const Vector g = Load(activations + 2 * kLanes);
        const Vector o = Load(activations + 3 * kLanes);
        const Vector c = Load(activations + 4 * kLanes);
        const Vector t = Tanh(f * c + i * g);
        const Vector dh = Load(step.state_gradient + at);
        const Vector dc = Load(step.cell_state_gradient + at) + dh * o * (Scalar(1) - t * t);
        gradients[0] = dc * g * i * (Scalar(1) - i);
        gradients[1] = dc * c * f * (Scalar(1) - f);
        gradients[2] = dc * i * (Scalar(1) - g * g);
        gradients[3] = dh * t * o * (Scalar(1) - o);
        Store(step.cell_state_gradient + at, dc * f);
      });
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
