// How the perturbation of the embedded tokens is made.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/chunks.h"
#include "kernels/kernel_table.h"
#include "training/model.h"

namespace advnative {

// The standard deviation of all entries of the embedding table, the natural unit of ε.
template <typename Scalar>
double StandardDeviation(const KernelTable<Scalar>& kernels, ThreadPool& pool, const Scalar* values,
                         std::size_t size) {
  const auto sum = [&](double (*of)(const Scalar*, std::size_t)) {
    return SumOverChunks(pool, size,
                         [=](std::size_t begin, std::size_t count) { return of(values + begin, count); });
  };
  const double mean = sum(kernels.sum) / static_cast<double>(size);
  // Never below 0, where all entries are equal and rounding decides.
  return std::sqrt(std::max(0.0, sum(kernels.sum_of_squares) / static_cast<double>(size) - mean * mean));
}

// Δ = ε·sign(∇ₑJ), one for each embedded token, a constant for what follows (Bělohlávek et al. 2018, Eq. 1;
// Goodfellow et al. 2015). Padding columns have gradient 0 and stay 0. Both arrays have `size` elements.
template <typename Scalar>
void FastGradientSign(const KernelTable<Scalar>& kernels, const Scalar* embedded_gradient, double epsilon,
                      Scalar* perturbation, std::size_t size) {
  kernels.sign_step(embedded_gradient, static_cast<Scalar>(epsilon), perturbation, size);
}

}  // namespace advnative
