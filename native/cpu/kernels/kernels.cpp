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
      kLanes,
      &Multiply,
      &MultiplyShared,
      &TransposeToTiles,
      &Project<2>,
      &Project<3>,
      &Project<4>,
      &GruForward,
      &GruBackward,
      &GruChoForward,
      &GruChoBackwardCandidate,
      &GruChoBackwardReset,
      &LstmForward,
      &LstmBackward,
      &Adam,
      &Sum,
      &SumOfSquares,
      {&FillUniform, &OrthogonalizeRow},
      &SignStep,
      &SigmoidInPlace,
      &TanhInPlace,
      &SigmoidAndTanhInPlace,
      kMultiplyAddFlop,
      &MultiplyAdd,
      &Triad,
  };
  return kTable;
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
