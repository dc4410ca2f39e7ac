// A vector times a number.
#pragma once

#include <cstddef>

namespace advnative {

template <typename Scalar>
void ScaleNumbers(Scalar factor, Scalar* values, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) values[i] *= factor;
}

}  // namespace advnative
