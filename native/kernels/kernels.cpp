// Compiled once for each instruction set, with its flags and a namespace of its own.
#include "kernels/ceilings.h"
#include "kernels/elementwise.h"
#include "kernels/gru_cho_step.h"
#include "kernels/gru_step.h"
#include "kernels/initial_values.h"
#include "kernels/kernel_table.h"
#include "kernels/lstm_step.h"
#include "kernels/multiply.h"
#include "kernels/shared_products.h"

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
