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

template <typename Scalar>
const KernelTable<Scalar>& Kernels() {
  static constexpr KernelTable<Scalar> kTable{
      kLanes<Scalar>,
      &Multiply<Scalar>,
      &MultiplyShared<Scalar>,
      &TransposeToTiles<Scalar>,
      &Project<Scalar, 2>,
      &Project<Scalar, 3>,
      &Project<Scalar, 4>,
      &GruForward<Scalar>,
      &GruBackward<Scalar>,
      &GruChoForward<Scalar>,
      &GruChoBackwardCandidate<Scalar>,
      &GruChoBackwardReset<Scalar>,
      &LstmForward<Scalar>,
      &LstmBackward<Scalar>,
      &Adam<Scalar>,
      &Sum<Scalar>,
      &SumOfSquares<Scalar>,
      &FillUniform<Scalar>,
      &OrthogonalizeRow,
      &SignStep<Scalar>,
      &SigmoidInPlace<Scalar>,
      &TanhInPlace<Scalar>,
      &SigmoidAndTanhInPlace<Scalar>,
      kMultiplyAddFlop<Scalar>,
      &MultiplyAdd<Scalar>,
      &Triad<Scalar>,
  };
  return kTable;
}

template const KernelTable<float>& Kernels<float>();
template const KernelTable<double>& Kernels<double>();

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
