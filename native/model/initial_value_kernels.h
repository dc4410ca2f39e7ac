// The two loops of the initial weights that take the time. A backend brings them in the instructions of its
// processor; they make the same bits on all of them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/scalar.h"

namespace advnative {

// to[i] = (2·u − 1)·range, u = draw 4·first_block + i of the generator of base/philox.h with these words.
struct UniformFill {
  std::uint32_t key[2];
  std::uint32_t high[2];  // of the counter
  std::uint64_t first_block;
  double range;
  std::size_t size;
  Scalar* to;
};

struct InitialValueKernels {
  void (*fill_uniform)(const UniformFill&);
  // Orthogonalizes the rows of matrix [size][size], to be called for row 0, 1, … size − 1. A row that its
  // forerunners span to rounding is practically impossible for normal numbers.
  void (*orthogonalize_row)(int size, int row, double* matrix);
};

}  // namespace advnative
