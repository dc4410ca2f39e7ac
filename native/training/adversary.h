// How the perturbation of the embedded tokens is made.
#pragma once

#include <cmath>
#include <cstddef>

#include "kernels/kernel_table.h"
#include "training/model.h"

namespace advnative {

// The standard deviation of all entries of the embedding table, the natural unit of ε.
template <typename Scalar>
double StandardDeviation(const Scalar* values, std::size_t size) {
  double mean = 0.0;
  for (std::size_t i = 0; i < size; ++i) mean += static_cast<double>(values[i]);
  mean /= static_cast<double>(size);
  double squares = 0.0;
  for (std::size_t i = 0; i < size; ++i) {
    const double deviation = static_cast<double>(values[i]) - mean;
    squares += deviation * deviation;
  }
  return std::sqrt(squares / static_cast<double>(size));
}

// ε as an absolute number.
template <typename Scalar>
double AbsoluteEpsilon(const AdversarialOptions& options, const Scalar* table, std::size_t table_size) {
  const double unit = options.unit == EpsilonUnit::kAbsolute ? 1.0 : StandardDeviation(table, table_size);
  return options.epsilon * unit;
}

// Δ = ε·sign(∇ₑJ), one for each embedded token, a constant for what follows (Bělohlávek et al. 2018, Eq. 1;
// Goodfellow et al. 2015). Padding columns have gradient 0 and stay 0. Both arrays have `size` elements.
template <typename Scalar>
void FastGradientSign(const KernelTable<Scalar>& kernels, const Scalar* embedded_gradient, double epsilon,
                      Scalar* perturbation, std::size_t size) {
  kernels.sign_step(embedded_gradient, static_cast<Scalar>(epsilon), perturbation, size);
}

}  // namespace advnative
