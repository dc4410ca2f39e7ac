// Adam, the average, the sign step and the norm: plain loops that the compiler turns into vectors of the
// instruction set.
#pragma once

#include "cpu/kernels/activations.h"
#include "cpu/kernels/kernel_table.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

ADVNATIVE_INLINE float SquareRoot(float value) { return __builtin_sqrtf(value); }
ADVNATIVE_INLINE double SquareRoot(double value) { return __builtin_sqrt(value); }

template <bool kGradient>
void Adam(const AdamUpdate& update) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < update.size; ++i) {
    Scalar g = 0;
    if constexpr (kGradient) g = update.gradient[i] * update.gradient_scale;
    const Scalar m = update.beta1 * update.first_moment[i] + update.one_minus_beta1 * g;
    const Scalar v = update.beta2 * update.second_moment[i] + update.one_minus_beta2 * g * g;
    update.first_moment[i] = m;
    update.second_moment[i] = v;
    const Scalar step = update.rate * m / (SquareRoot(v) * update.root_correction + update.epsilon);
    update.parameters[i] -= update.decay * update.parameters[i] + step;
  }
}

inline void MoveAverage(const Scalar* values, Scalar weight, Scalar* average, std::size_t size) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < size; ++i) average[i] += weight * (values[i] - average[i]);
}

inline void AddLag(const Scalar* before, const Scalar* after, Scalar gain, Scalar* lag, std::size_t size) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < size; ++i) lag[i] += gain * (before[i] - after[i]);
}

inline void Lagging(const Scalar* values, const Scalar* lag, Scalar scale, Scalar* average,
                    std::size_t size) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < size; ++i) average[i] = values[i] + scale * lag[i];
}

// In double and in eight interleaved sums of fixed order, which vectors can take without reordering anything.
template <typename Term>
ADVNATIVE_INLINE double InterleavedSum(const Scalar* values, std::size_t size, Term term) {
  double sums[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    for (std::size_t k = 0; k < 8; ++k) sums[k] += term(static_cast<double>(values[i + k]));
  }
  for (; i < size; ++i) sums[i % 8] += term(static_cast<double>(values[i]));
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

inline double Sum(const Scalar* values, std::size_t size) {
  return InterleavedSum(values, size, [](double value) { return value; });
}

inline double SumOfSquares(const Scalar* values, std::size_t size) {
  return InterleavedSum(values, size, [](double value) { return value * value; });
}

inline void SignStep(const Scalar* gradient, Scalar epsilon, Scalar* perturbation, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    const Scalar g = gradient[i];
    perturbation[i] = g > Scalar(0) ? epsilon : (g < Scalar(0) ? -epsilon : Scalar(0));
  }
}

inline void SigmoidInPlace(Scalar* values, std::size_t size) {
  const std::size_t half = size / 2;
  for (std::size_t i = 0; i < half; i += kLanes) {
    const auto [first, second] = SigmoidPair(Load(values + i), Load(values + half + i));
    Store(values + i, first);
    Store(values + half + i, second);
  }
}

inline void TanhInPlace(Scalar* values, std::size_t size) {
  for (std::size_t i = 0; i < size; i += kLanes) Store(values + i, Tanh(Load(values + i)));
}

inline void SigmoidAndTanhInPlace(Scalar* sigmoid_values, Scalar* tanh_values, std::size_t size) {
  for (std::size_t i = 0; i < size; i += kLanes) {
    const auto [sigmoid, tanh] = SigmoidAndTanh(Load(sigmoid_values + i), Load(tanh_values + i));
    Store(sigmoid_values + i, sigmoid);
    Store(tanh_values + i, tanh);
  }
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
