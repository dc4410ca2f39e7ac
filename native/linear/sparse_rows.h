// Sparse rows of features, one a text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace advnative {

// Row i has values[offsets[i]] … values[offsets[i + 1] − 1] in the columns at the same places, each below
// `features` and no two alike.
struct SparseRows {
  int features;
  std::vector<std::int32_t> offsets;  // [rows + 1], from 0, never falling
  std::vector<std::int32_t> columns;
  std::vector<float> values;

  std::size_t rows() const { return offsets.size() - 1; }
};

}  // namespace advnative
