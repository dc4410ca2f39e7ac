// Vector sigmoid and tanh without table or branch, for float and double from one source.
#pragma once

#include "cpu/kernels/vector.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

template <typename Number>
struct ExponentTraits;

template <>
struct ExponentTraits<float> {
  static constexpr float kRound = 0x1.8p23f;  // adding it leaves the nearest integer in the low bits
  static constexpr float kLn2High = 0x1.62e4p-1f;
  static constexpr float kLn2Low = 0x1.7f7d1cp-20f;
  static constexpr int kMantissaBits = 23;
  using Bits = std::uint32_t;
  static constexpr Bits kExponentBias = 127;
  static constexpr int kTerms = 7;  // |r| ≤ ln 2 / 2: the first term left out is below 6e-9 relative
  static constexpr float kLargest = 87.0f;
};

template <>
struct ExponentTraits<double> {
  static constexpr double kRound = 0x1.8p52;
  static constexpr double kLn2High = 0x1.62e42fefap-1;
  static constexpr double kLn2Low = 0x1.cf79abc9e3b3ap-40;
  static constexpr int kMantissaBits = 52;
  using Bits = std::uint64_t;
  static constexpr Bits kExponentBias = 1023;
  static constexpr int kTerms = 13;
  static constexpr double kLargest = 708.0;
};

// y within ±bound; NaN stays NaN.
ADVNATIVE_INLINE Vector Clamp(Vector y, Scalar bound) {
  const Vector bounds = Broadcast(bound);
  y = y > bounds ? bounds : y;
  return y < -bounds ? -bounds : y;
}

// What eʸ is made of: y = i·ln 2 + r with |r| ≤ ln 2 / 2, scale = 2ⁱ, and the Taylor series of eʳ − 1.
struct ExponentialParts {
  Vector series;
  Vector scale;
};

// |y| ≤ kLargest.
ADVNATIVE_INLINE ExponentialParts SplitExponential(Vector y) {
  using Traits = ExponentTraits<Scalar>;
  typedef Traits::Bits Bits __attribute__((vector_size(ADVNATIVE_VECTOR_BYTES)));
  const Vector shifted = y * Scalar(1.44269504088896340736) + Traits::kRound;
  const Vector whole = shifted - Traits::kRound;
  const Vector r = (y - whole * Traits::kLn2High) - whole * Traits::kLn2Low;
  Scalar inverse_factorial = 1;
  Scalar coefficients[Traits::kTerms];
#pragma GCC unroll 16
  for (int k = 0; k < Traits::kTerms; ++k) {
    inverse_factorial /= Scalar(k + 1);
    coefficients[k] = inverse_factorial;
  }
  Vector series = Broadcast(coefficients[Traits::kTerms - 1]);
#pragma GCC unroll 16
  for (int k = Traits::kTerms - 2; k >= 1; --k) series = series * r + coefficients[k];
  series = series * r * r + r;
  Bits bits;
  __builtin_memcpy(&bits, &shifted, sizeof(bits));
  bits = (bits + Traits::kExponentBias) << Traits::kMantissaBits;
  Vector scale;
  __builtin_memcpy(&scale, &bits, sizeof(scale));
  return {series, scale};
}

struct TwoVectors {
  Vector first;
  Vector second;
};

// 1 + e⁻ˣ, with x held within ±kLargest / 2.
ADVNATIVE_INLINE Vector SigmoidDenominator(Vector x) {
  const auto e = SplitExponential(Clamp(-x, ExponentTraits<Scalar>::kLargest / 2));
  return e.series * e.scale + (e.scale + Scalar(1));
}

// σ(x) = 1 / (1 + e⁻ˣ) of two vectors with one division, which costs as much as all the rest:
// 1 / a = b·(1 / (a·b)). Inputs count up to ±kLargest / 2, where the product of two is still finite; below,
// the result is σ(−kLargest / 2), 1e-19 in float.
ADVNATIVE_INLINE TwoVectors SigmoidPair(Vector x, Vector y) {
  const Vector a = SigmoidDenominator(x);
  const Vector b = SigmoidDenominator(y);
  const Vector inverse = Scalar(1) / (a * b);
  return {b * inverse, a * inverse};
}

// e²ˣ − 1 = 2ⁱ·(eʳ − 1) + (2ⁱ − 1), which keeps full relative accuracy near 0. Beyond ±20 (float) or ±40
// (double), where x is held, tanh is ±1 to the last bit.
ADVNATIVE_INLINE Vector DoubledExponentialMinusOne(Vector x) {
  constexpr Scalar kBound = sizeof(Scalar) == sizeof(float) ? Scalar(20) : Scalar(40);
  x = Clamp(x, kBound);
  const auto [series, scale] = SplitExponential(x + x);
  return series * scale + (scale - Scalar(1));
}

// tanh(x) = (e²ˣ − 1) / (e²ˣ + 1).
ADVNATIVE_INLINE Vector Tanh(Vector x) {
  const Vector e = DoubledExponentialMinusOne(x);
  return e / (e + Scalar(2));
}

// σ(x) and tanh(y) with one division, as in SigmoidPair: the product of the two denominators is finite
// because y counts to ±20 (float) or ±40 (double) alone.
ADVNATIVE_INLINE TwoVectors SigmoidAndTanh(Vector x, Vector y) {
  const Vector a = SigmoidDenominator(x);
  const Vector e = DoubledExponentialMinusOne(y);
  const Vector b = e + Scalar(2);
  const Vector inverse = Scalar(1) / (a * b);
  return {b * inverse, e * (a * inverse)};
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
