// Compiled once for each instruction set, with its flags and a namespace of its own.
#include "cpu/kernels/ceilings.h"
#include "cpu/kernels/elementwise.h"
#include "cpu/kernels/gru_cho_step.h"
#include "cpu/kernels/gru_step.h"
#include "cpu/kernels/initial_values.h"
#include "cpu/kernels/kernel_table.h"
#include "cpu/kernels/lstm_step.h"
#include "cpu/kernels/multiply.h"
#include "cpu/kernels/shared_products.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

const KernelTable& Kernels() {
  static constexpr KernelTable kTable{
      .lanes = kLanes,
      .multiply = &Multiply,
      .multiply_shared = &MultiplyShared,
      .transpose_to_tiles = &TransposeToTiles,
      .project_two_gates = &Project<2>,
      .project_three_gates = &Project<3>,
      .project_four_gates = &Project<4>,
      .gru_forward_step = &GruForward,
      .gru_backward_gates = &GruBackward,
      .gru_cho_forward_step = &GruChoForward,
      .gru_cho_backward_candidate = &GruChoBackwardCandidate,
      .gru_cho_backward_reset = &GruChoBackwardReset,
      .lstm_forward_step = &LstmForward,
      .lstm_backward_gates = &LstmBackward,
      .adam = &Adam<true>,
      .adam_without_gradient = &Adam<false>,
      .move_average = &MoveAverage,
      .add_lag = &AddLag,
      .lagging = &Lagging,
      .sum = &Sum,
      .sum_of_squares = &SumOfSquares,
      .sign_step = &SignStep,
      .initial_values = {.fill_uniform = &FillUniform, .orthogonalize_row = &OrthogonalizeRow},
      .tanh = &TanhInPlace,
      .sigmoid = &SigmoidInPlace,
      .sigmoid_and_tanh = &SigmoidAndTanhInPlace,
      .multiply_add_flop = kMultiplyAddFlop,
      .multiply_add = &MultiplyAdd,
      .triad = &Triad,
  };
  return kTable;
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
