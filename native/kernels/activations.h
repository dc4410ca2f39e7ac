// Vector sigmoid and tanh without table or branch, for float and double from one source.
#pragma once

#include "kernels/vector.h"

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

// eʸ − 1 for y within ±kLargest (clamped): y = i·ln 2 + r, the Taylor series of eʳ − 1 on |r| ≤ ln 2 / 2,
// then eʸ − 1 = 2ⁱ·(eʳ − 1) + (2ⁱ − 1), which keeps full relative accuracy near 0. NaN stays NaN.
template <typename Scalar>
ADVNATIVE_INLINE Vector<Scalar> ExponentialMinusOne(Vector<Scalar> y) {
  using Traits = ExponentTraits<Scalar>;
  using Bits = typename VectorTraits<Scalar>::Bits;
  const Vector<Scalar> largest = Broadcast<Scalar>(Traits::kLargest);
  y = y > largest ? largest : y;
  y = y < -largest ? -largest : y;
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
  return series * scale + (scale - Scalar(1));
}

// σ(x) = 1 / (1 + e⁻ˣ).
template <typename Scalar>
ADVNATIVE_INLINE Vector<Scalar> Sigmoid(Vector<Scalar> x) {
  return Scalar(1) / (ExponentialMinusOne<Scalar>(-x) + Scalar(2));
}

// tanh(x) = (e²ˣ − 1) / (e²ˣ + 1); beyond ±20 (float) or ±40 (double) the result is ±1 to the last bit.
template <typename Scalar>
ADVNATIVE_INLINE Vector<Scalar> Tanh(Vector<Scalar> x) {
  const Scalar bound = sizeof(Scalar) == sizeof(float) ? Scalar(20) : Scalar(40);
  const Vector<Scalar> bounds = Broadcast<Scalar>(bound);
  x = x > bounds ? bounds : x;
  x = x < -bounds ? -bounds : x;
  const Vector<Scalar> e = ExponentialMinusOne<Scalar>(x + x);
  return e / (e + Scalar(2));
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
