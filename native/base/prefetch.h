// Memory that is needed soon.
#pragma once

#include <cstddef>

#include "base/scalar.h"

namespace advnative {

// Has `count` elements of a vector brought near before they are read, or written.
inline void FetchSoon(const Scalar* vector, std::size_t count) {
  constexpr std::size_t kLine = 64 / sizeof(Scalar);
  for (std::size_t i = 0; i < count; i += kLine) __builtin_prefetch(vector + i, 1);
}

}  // namespace advnative
