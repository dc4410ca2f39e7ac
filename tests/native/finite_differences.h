// The four-point stencil: f′(x) ≈ (f(x − 2h) − 8·f(x − h) + 8·f(x + h) − f(x + 2h)) / 12h, whose error falls
// with h⁴.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <string>

#include "batch_maker.h"

namespace advnative::testing {

// The step is small against the distance to the kinks of ReLU and of the perturbation's sign.
inline double FourPointDerivative(double& x, const std::function<double()>& f) {
  constexpr double kStep = 1e-4;
  const double centre = x;
  const auto at = [&](double shift) {
    x = centre + shift;
    return f();
  };
  const double derivative = (at(-2 * kStep) - 8 * at(-kStep) + 8 * at(kStep) - at(2 * kStep)) / (12 * kStep);
  x = centre;
  return derivative;
}

// Under a sanitizer, which looks for faults of memory and makes a step twenty times slower, one element of
// five is differenced: the plain build holds all of them to their values.
#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t kElementsApart = 5;
#else
constexpr std::size_t kElementsApart = 1;
#endif

// Checks the elements of a gradient to a relative error of 1e-6; elements under 1e-4 of the typical size 1
// are held to 1e-10 absolutely. Demands that the gradient isn't all zero.
inline void CheckGradient(const std::string& name, double* x, const double* gradient, std::size_t size,
                          const std::function<double()>& f) {
  CAPTURE(name);
  for (std::size_t i = 0; i < size; i += kElementsApart) {
    CAPTURE(i);
    const double expected = FourPointDerivative(x[i], f);
    REQUIRE(RelativeError(gradient[i], expected, 1e-4) <= 1e-6);
  }
  double largest = 0.0;
  for (std::size_t i = 0; i < size; ++i) largest = std::max(largest, std::abs(gradient[i]));
  REQUIRE(largest > 1e-4);
}

}  // namespace advnative::testing
