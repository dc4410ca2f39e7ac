// A matrix in somebody else's memory: a shape travels with its data.
#pragma once

#include <cstddef>
#include <type_traits>

#include "base/scalar.h"

namespace advnative {

// Row after row, whose beginnings are `stride` ≥ columns elements apart. What lies between two rows belongs
// to neither.
template <typename Number>
struct MatrixView {
  Number* data;
  int rows;
  int columns;
  std::ptrdiff_t stride;

  Number* Row(std::ptrdiff_t row) const { return data + row * stride; }
  MatrixView Rows(int first, int count) const { return {Row(first), count, columns, stride}; }
  MatrixView Columns(int first, int count) const { return {data + first, rows, count, stride}; }

  operator MatrixView<const Number>() const
    requires(!std::is_const_v<Number>)
  {
    return {data, rows, columns, stride};
  }
};

using Matrix = MatrixView<Scalar>;
using ConstMatrix = MatrixView<const Scalar>;

// Rows that touch.
template <typename Number>
MatrixView<Number> DenseMatrix(Number* data, int rows, int columns) {
  return {data, rows, columns, columns};
}

}  // namespace advnative
