// The one inner loop of every matrix product: a register tile of Rows × Vectors vectors.
#pragma once

#include "cpu/kernels/vector.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

// Rows of a full tile: what the registers of the instruction set hold beside three vectors of B and one of A.
inline constexpr int kTileRows = ADVNATIVE_TILE_ROWS;
inline constexpr int kTileVectors = 3;

template <int Number>
struct Constant {
  static constexpr int value = Number;
};

template <int Rows, typename Visit>
ADVNATIVE_INLINE void WithRows(int rows, Visit visit) {
  if (rows == Rows) return visit(Constant<Rows>{});
  if constexpr (Rows > 1) WithRows<Rows - 1>(rows, visit);
}

// Calls visit(row, Constant<Rows>) for tiles of at most MostRows rows and of heights that differ by one at
// most: a low tile at the end would cost nearly as much as a full one, whose sums hide each other's latency.
template <int MostRows, typename Visit>
ADVNATIVE_INLINE void ForEachRowTile(int rows, Visit visit) {
  int row = 0;
  for (int left = (rows + MostRows - 1) / MostRows; left > 0; --left) {
    const int height = (rows - row + left - 1) / left;
    WithRows<MostRows>(height, [&](auto constant) { visit(row, constant); });
    row += height;
  }
}

// The left operand of a tile: element (row i, depth k) lies at data[i·row_stride + k·depth_stride].
struct TileOperand {
  const Scalar* data;
  std::ptrdiff_t row_stride;
  std::ptrdiff_t depth_stride;
};

// Rows of whole vectors, `stride` apart.
template <typename Number>
struct VectorRows {
  Number* data;
  std::ptrdiff_t stride;
};

// sums[i][v] += Σ_k a(i, k)·b(k, v), k rising: each element's sum has the same order whatever the tile's
// height, which keeps a row's result independent of the rows beside it.
template <int Rows, int Vectors>
ADVNATIVE_INLINE void AccumulateTile(int depth, TileOperand a, VectorRows<const Scalar> b,
                                     Vector (&sums)[Rows][Vectors]) {
  for (int k = 0; k < depth; ++k) {
    Vector columns[Vectors];
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v) columns[v] = Load(b.data + v * kLanes);
#pragma GCC unroll 8
    for (int i = 0; i < Rows; ++i) {
      const Vector row = Broadcast(a.data[i * a.row_stride]);
#pragma GCC unroll 4
      for (int v = 0; v < Vectors; ++v) sums[i][v] += row * columns[v];
    }
    a.data += a.depth_stride;
    b.data += b.stride;
  }
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
