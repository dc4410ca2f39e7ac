#include "model/parameter_average.h"

#include <cmath>

namespace advnative {

LagScale LagScaleAfter(double decay, std::uint64_t step) {
  constexpr double kExponents = 64.0;
  const double t = static_cast<double>(step);
  // Steps with 1 − w = (1 + s) / (10 + s) ≤ decay; their product is that of i / (young + i), i = 2 … 10.
  const double young = std::clamp(std::floor((10.0 * decay - 1.0) / (1.0 - decay)), 0.0, t);
  double logarithm = (t - young) * std::log2(decay);
  for (double i = 2.0; i <= 10.0; ++i) logarithm += std::log2(i / (young + i));
  const double exponent = kExponents * std::floor(-logarithm / kExponents);
  return {.scale = std::exp2(logarithm + exponent), .exponent = exponent};
}

AverageStep MakeAverageStep(double decay, std::uint64_t step) {
  const double weight = AverageWeight(decay, step);
  const LagScale before = LagScaleAfter(decay, step - 1);
  const LagScale after = LagScaleAfter(decay, step);
  return {.weight = weight,
          .lag_scale = after.scale,
          .lag_gain = (1.0 - weight) / after.scale,
          .renewal = std::exp2(before.exponent - after.exponent)};
}

}  // namespace advnative
