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
  if (product.a_in_tiles) {
    AccumulateTile<Scalar, Rows, Vectors>(product.depth, a, 1, Rows, b, product.b_depth_stride, sums);
  } else {
    AccumulateTile<Scalar, Rows, Vectors>(product.depth, a, product.a_row_stride, 1, b,
                                          product.b_depth_stride, sums);
  }
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
#pragma GCC unroll 3
    for (int v = 0; v < Vectors; ++v) Store(c + i * product.c_row_stride + v * kLanes<Scalar>, sums[i][v]);
  }
}

// Panels outside, rows inside: a panel of B stays in the first-level cache while all of A passes by.
template <typename Scalar>
void Multiply(const Product<Scalar>& product) {
  constexpr int kPanel = kTileVectors * kLanes<Scalar>;
  for (int column = 0, panel = 0; column < product.columns; column += kPanel, ++panel) {
    const int left = (product.columns - column + kLanes<Scalar> - 1) / kLanes<Scalar>;
    const Scalar* b = product.b + panel * product.b_panel_stride;
    const std::ptrdiff_t a_row_stride = product.a_in_tiles ? product.depth : product.a_row_stride;
    const auto multiply_rows = [&](auto vectors) {
      ForEachRowTile<kTileRows>(product.rows, [&](int row, auto rows) {
        MultiplyTile<Scalar, rows.value, vectors.value>(product, product.a + row * a_row_stride, b,
                                                        product.c + row * product.c_row_stride + column);
      });
    };
    if (left >= 3) {
      multiply_rows(Constant<3>{});
    } else if (left == 2) {
      multiply_rows(Constant<2>{});
    } else {
      multiply_rows(Constant<1>{});
    }
  }
}

template <typename Scalar>
void TransposeToTiles(int rows, int depth, const Scalar* a, std::ptrdiff_t stride, Scalar* tiles) {
  ForEachRowTile<kTileRows>(rows, [&](int row, auto height) {
    for (int k = 0; k < depth; ++k) {
      for (int i = 0; i < height.value; ++i) *tiles++ = a[k * stride + row + i];
    }
  });
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
