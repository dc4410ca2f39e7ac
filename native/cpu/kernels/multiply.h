// The general product on tiles.
#pragma once

#include "cpu/kernels/kernel_table.h"
#include "cpu/kernels/tile.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

// One tile of C = A·B, or of C += A·B. A element (row i, depth k) lies at a[i·a_row_stride +
// k·a_depth_stride].
template <int Rows, int Vectors>
void MultiplyTile(int depth, const Scalar* a, std::ptrdiff_t a_row_stride, std::ptrdiff_t a_depth_stride,
                  const Scalar* b, std::ptrdiff_t b_depth_stride, Scalar* c, std::ptrdiff_t c_row_stride,
                  Write write) {
  Vector sums[Rows][Vectors];
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
#pragma GCC unroll 3
    for (int v = 0; v < Vectors; ++v) {
      sums[i][v] = write == Write::kAdd ? Load(c + i * c_row_stride + v * kLanes) : Vector{};
    }
  }
  AccumulateTile<Rows, Vectors>(depth, a, a_row_stride, a_depth_stride, b, b_depth_stride, sums);
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
#pragma GCC unroll 3
    for (int v = 0; v < Vectors; ++v) Store(c + i * c_row_stride + v * kLanes, sums[i][v]);
  }
}

// Panels outside, rows inside: a panel of B stays in the first-level cache while all of A passes by.
inline void Multiply(const Product& product) {
  constexpr int kPanel = kTileVectors * kLanes;
  const std::ptrdiff_t tile_row_stride =
      product.a_layout == Layout::kTiles ? product.depth : product.a_row_stride;
  for (int column = 0, panel = 0; column < product.columns; column += kPanel, ++panel) {
    const int left = (product.columns - column + kLanes - 1) / kLanes;
    const Scalar* b = product.b + panel * product.b_panel_stride;
    WithRows<kTileVectors>(left < kTileVectors ? left : kTileVectors, [&](auto vectors) {
      ForEachRowTile<kTileRows>(product.rows, [&](int row, auto rows) {
        const Scalar* a = product.a + row * tile_row_stride;
        Scalar* c = product.c + row * product.c_row_stride + column;
        if (product.a_layout == Layout::kTiles) {
          MultiplyTile<rows.value, vectors.value>(product.depth, a, 1, rows.value, b, product.b_depth_stride,
                                                  c, product.c_row_stride, product.write);
        } else {
          MultiplyTile<rows.value, vectors.value>(product.depth, a, product.a_row_stride, 1, b,
                                                  product.b_depth_stride, c, product.c_row_stride,
                                                  product.write);
        }
      });
    });
  }
}

// Rows first go to the cache one after another, which hardware helps with; tiles cut across them.
inline void TransposeToTiles(const Transposition& transposition) {
  constexpr int kCacheLine = 64 / static_cast<int>(sizeof(Scalar));
  for (int k = 0; k < transposition.depth; ++k) {
    for (int j = 0; j < transposition.rows; j += kCacheLine) {
      __builtin_prefetch(transposition.a + k * transposition.stride + j);
    }
  }
  ForEachRowTile<kTileRows>(transposition.rows, [&](int row, auto height) {
    const Scalar* a = transposition.a + row;
    Scalar* tile = transposition.tiles + row * transposition.tile_depth + transposition.first * height.value;
    for (int k = 0; k < transposition.depth; ++k, a += transposition.stride, tile += height.value) {
      for (int i = 0; i < height.value; ++i) tile[i] = a[i];
    }
  });
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
