// The general product on tiles.
#pragma once

#include "kernels/kernel_table.h"
#include "kernels/tile.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

template <typename Scalar, int Rows, int Vectors>
void MultiplyTile(const Product<Scalar>& product, const Scalar* a, const Scalar* b, Scalar* c) {
  Vector<Scalar> sums[Rows][Vectors];
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
#pragma GCC unroll 3
    for (int v = 0; v < Vectors; ++v) {
      sums[i][v] =
          product.accumulate ? Load(c + i * product.c_row_stride + v * kLanes<Scalar>) : Vector<Scalar>{};
    }
  }
  AccumulateTile<Scalar, Rows, Vectors>(product.depth, a, product.a_row_stride, product.a_depth_stride, b,
                                        product.b_depth_stride, sums);
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
#pragma GCC unroll 3
    for (int v = 0; v < Vectors; ++v) Store(c + i * product.c_row_stride + v * kLanes<Scalar>, sums[i][v]);
  }
}

template <typename Scalar, int Vectors, int Rows = kTileRows>
void MultiplyRows(int rows, const Product<Scalar>& product, const Scalar* a, const Scalar* b, Scalar* c) {
  if (rows == Rows) return MultiplyTile<Scalar, Rows, Vectors>(product, a, b, c);
  if constexpr (Rows > 1) MultiplyRows<Scalar, Vectors, Rows - 1>(rows, product, a, b, c);
}

// Panels outside, rows inside: a panel of B stays in the first-level cache while all of A passes by.
template <typename Scalar>
void Multiply(const Product<Scalar>& product) {
  constexpr int kPanel = kTileVectors * kLanes<Scalar>;
  for (int column = 0, panel = 0; column < product.columns; column += kPanel, ++panel) {
    const int left = (product.columns - column + kLanes<Scalar> - 1) / kLanes<Scalar>;
    const Scalar* b = product.b + panel * product.b_panel_stride;
    for (int row = 0, block = 0; row < product.rows; row += kTileRows, ++block) {
      const int rows = product.rows - row < kTileRows ? product.rows - row : kTileRows;
      const Scalar* a = product.a + block * product.a_block_stride;
      Scalar* c = product.c + row * product.c_row_stride + column;
      if (left >= 3) {
        MultiplyRows<Scalar, 3>(rows, product, a, b, c);
      } else if (left == 2) {
        MultiplyRows<Scalar, 2>(rows, product, a, b, c);
      } else {
        MultiplyRows<Scalar, 1>(rows, product, a, b, c);
      }
    }
  }
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
