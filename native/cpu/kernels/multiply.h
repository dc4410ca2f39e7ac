// The general product on tiles.
#pragma once

#include "cpu/kernels/kernel_table.h"
#include "cpu/kernels/tile.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

// One tile of C = A·B, or of C += A·B: B [depth][Vectors·lanes], C [Rows][Vectors·lanes].
template <int Rows, int Vectors>
void MultiplyTile(int depth, TileOperand a, VectorRows<const Scalar> b, VectorRows<Scalar> c, Write write) {
  Vector sums[Rows][Vectors];
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
#pragma GCC unroll 3
    for (int v = 0; v < Vectors; ++v) {
      sums[i][v] = write == Write::kAdd ? Load(c.data + i * c.stride + v * kLanes) : Vector{};
    }
  }
  AccumulateTile<Rows, Vectors>(depth, a, b, sums);
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
#pragma GCC unroll 3
    for (int v = 0; v < Vectors; ++v) Store(c.data + i * c.stride + v * kLanes, sums[i][v]);
  }
}

// Panels outside, rows inside: a panel of B stays in the first-level cache while all of A passes by.
inline void Multiply(const Product& product) {
  constexpr int kPanel = kTileVectors * kLanes;
  const std::ptrdiff_t tile_row_stride =
      product.a_layout == Layout::kTiles ? product.depth : product.a_row_stride;
  for (int column = 0, panel = 0; column < product.columns; column += kPanel, ++panel) {
    const int left = (product.columns - column + kLanes - 1) / kLanes;
    const VectorRows<const Scalar> b{product.b + panel * product.b_panel_stride, product.b_depth_stride};
    WithRows<kTileVectors>(left < kTileVectors ? left : kTileVectors, [&](auto vectors) {
      ForEachRowTile<kTileRows>(product.rows, [&](int row, auto rows) {
        const Scalar* a = product.a + row * tile_row_stride;
        const VectorRows<Scalar> c{product.c + row * product.c_row_stride + column, product.c_row_stride};
        if (product.a_layout == Layout::kTiles) {
          MultiplyTile<rows.value, vectors.value>(product.depth, {a, 1, rows.value}, b, c, product.write);
        } else {
          MultiplyTile<rows.value, vectors.value>(product.depth, {a, product.a_row_stride, 1}, b, c,
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
