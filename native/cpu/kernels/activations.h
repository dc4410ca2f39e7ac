// Vector sigmoid and tanh without table or branch, for float and double from one source.
#pragma once

#include "cpu/kernels/vector.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

template <typename Scalar>
struct ExponentTraits;

template <>
struct ExponentTraits<float> {
  static constexpr float kRound = 0x1.8p23f;  // adding it leaves the nearest integer in the low bits
  static constexpr float kLn2High = 0x1.62e4p-1f;
  static constexpr float kLn2Low = 0x1.7f7d1cp-20f;
  static constexpr int kMantissaBits = 23;
  static constexpr std::uint32_t kExponentBias = 127;
  static constexpr int kTerms = 7;  // |r| ≤ ln 2 / 2: the first term left out is below 6e-9 relative
  static constexpr float kLargest = 87.0f;
};

template <>
struct ExponentTraits<double> {
  static constexpr double kRound = 0x1.8p52;
  static constexpr double kLn2High = 0x1.62e42fefap-1;
  static constexpr double kLn2Low = 0x1.cf79abc9e3b3ap-40;
  static constexpr int kMantissaBits = 52;
  static constexpr std::uint64_t kExponentBias = 1023;
  static constexpr int kTerms = 13;
  static constexpr double kLargest = 708.0;
};

// y within ±bound; NaN stays NaN.
template <typename Scalar>
ADVNATIVE_INLINE Vector<Scalar> Clamp(Vector<Scalar> y, Scalar bound) {
  const Vector<Scalar> bounds = Broadcast<Scalar>(bound);
  y = y > bounds ? bounds : y;
  return y < -bounds ? -bounds : y;
}

// What eʸ is made of: y = i·ln 2 + r with |r| ≤ ln 2 / 2, scale = 2ⁱ, and the Taylor series of eʳ − 1.
template <typename Scalar>
struct ExponentialParts {
  Vector<Scalar> series;
  Vector<Scalar> scale;
};

// |y| ≤ kLargest.
template <typename Scalar>
ADVNATIVE_INLINE ExponentialParts<Scalar> SplitExponential(Vector<Scalar> y) {
  using Traits = ExponentTraits<Scalar>;
  using Bits = typename VectorTraits<Scalar>::Bits;
  const Vector<Scalar> shifted = y * Scalar(1.44269504088896340736) + Traits::kRound;
  const Vector<Scalar> whole = shifted - Traits::kRound;
  const Vector<Scalar> r = (y - whole * Traits::kLn2High) - whole * Traits::kLn2Low;
  Scalar inverse_factorial = 1;
  Scalar coefficients[Traits::kTerms];
#pragma GCC unroll 16
  for (int k = 0; k < Traits::kTerms; ++k) {
    inverse_factorial /= Scalar(k + 1);
    coefficients[k] = inverse_factorial;
  }
  Vector<Scalar> series = Broadcast<Scalar>(coefficients[Traits::kTerms - 1]);
#pragma GCC unroll 16
  for (int k = Traits::kTerms - 2; k >= 1; --k) series = series * r + coefficients[k];
  series = series * r * r + r;
  Bits bits;
  __builtin_memcpy(&bits, &shifted, sizeof(bits));
  bits = (bits + Traits::kExponentBias) << Traits::kMantissaBits;
  Vector<Scalar> scale;
  __builtin_memcpy(&scale, &bits, sizeof(scale));
  return {series, scale};
}

template <typename Scalar>
struct TwoVectors {
  Vector<Scalar> first;
  Vector<Scalar> second;
};

// 1 + e⁻ˣ, with x held within ±kLargest / 2.
template <typename Scalar>
ADVNATIVE_INLINE Vector<Scalar> SigmoidDenominator(Vector<Scalar> x) {
  const auto e = SplitExponential<Scalar>(Clamp<Scalar>(-x, ExponentTraits<Scalar>::kLargest / 2));
  return e.series * e.scale + (e.scale + Scalar(1));
}

// σ(x) = 1 / (1 + e⁻ˣ) of two vectors with one division, which costs as much as all the rest:
// 1 / a = b·(1 / (a·b)). Inputs count up to ±kLargest / 2, where the product of two is still finite; below,
// the result is σ(−kLargest / 2), 1e-19 in float.
template <typename Scalar>
ADVNATIVE_INLINE TwoVectors<Scalar> SigmoidPair(Vector<Scalar> x, Vector<Scalar> y) {
  const Vector<Scalar> a = SigmoidDenominator<Scalar>(x);
  const Vector<Scalar> b = SigmoidDenominator<Scalar>(y);
  const Vector<Scalar> inverse = Scalar(1) / (a * b);
  return {b * inverse, a * inverse};
}

// e²ˣ − 1 = 2ⁱ·(eʳ − 1) + (2ⁱ − 1), which keeps full relative accuracy near 0. Beyond ±20 (float) or ±40
// (double), where x is held, tanh is ±1 to the last bit.
template <typename Scalar>
ADVNATIVE_INLINE Vector<Scalar> DoubledExponentialMinusOne(Vector<Scalar> x) {
  constexpr Scalar kBound = sizeof(Scalar) == sizeof(float) ? Scalar(20) : Scalar(40);
  x = Clamp<Scalar>(x, kBound);
  const auto [series, scale] = SplitExponential<Scalar>(x + x);
  return series * scale + (scale - Scalar(1));
}

// tanh(x) = (e²ˣ − 1) / (e²ˣ + 1).
template <typename Scalar>
ADVNATIVE_INLINE Vector<Scalar> Tanh(Vector<Scalar> x) {
  const Vector<Scalar> e = DoubledExponentialMinusOne<Scalar>(x);
  return e / (e + Scalar(2));
}

// σ(x) and tanh(y) with one division, as in SigmoidPair: the product of the two denominators is finite
// because y counts to ±20 (float) or ±40 (double) alone.
template <typename Scalar>
ADVNATIVE_INLINE TwoVectors<Scalar> SigmoidAndTanh(Vector<Scalar> x, Vector<Scalar> y) {
  const Vector<Scalar> a = SigmoidDenominator<Scalar>(x);
  const Vector<Scalar> e = DoubledExponentialMinusOne<Scalar>(y);
  const Vector<Scalar> b = e + Scalar(2);
  const Vector<Scalar> inverse = Scalar(1) / (a * b);
  return {b * inverse, e * (a * inverse)};
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
