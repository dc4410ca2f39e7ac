// A vector times a number.
#pragma once

#include <cstddef>

#include "base/scalar.h"

namespace advnative {

inline void ScaleNumbers(Scalar factor, Scalar* values, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) values[i] *= factor;
}

}  // namespace advnative
