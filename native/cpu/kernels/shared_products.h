// What several matrices and a sum by word take from the same rows, one panel of their columns at a time.
#pragma once

#include "cpu/kernels/kernel_table.h"
#include "cpu/kernels/multiply.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

// Not the standard library's, whose inline functions must not be compiled for an instruction set.
ADVNATIVE_INLINE int Least(int a, int b) { return a < b ? a : b; }
ADVNATIVE_INLINE int Greatest(int a, int b) { return a > b ? a : b; }

// Asks the caches for rows [first, end) of a panel, which have left those nearest to the core since they were
// used last, and whose strides no hardware foresees.
ADVNATIVE_INLINE void PrefetchRows(const Scalar* panel, std::ptrdiff_t stride, int first, int end) {
  for (int row = first; row < end; ++row) {
    for (int v = 0; v < kTileVectors; ++v) __builtin_prefetch(panel + row * stride + v * kLanes, 0, 2);
  }
}

// One product's part of the panel of B that ends before column panel_end. While a tile is computed, the sums
// of the tile after it are on their way, and so is its share of the next panel of B where that is asked for.
inline void MultiplyPanel(const SharedProducts& shared, const TransposedProduct& product, int panel_begin,
                          int panel_end, bool prefetch_next) {
  const int begin = Greatest(panel_begin, product.first_column);
  const int end = Least(panel_end, product.first_column + product.columns);
  if (begin >= end) return;
  const Scalar* b = shared.b + begin;
  Scalar* c = product.c + (begin - product.first_column);
  WithRows<kTileVectors>((end - begin) / kLanes, [&](auto vectors) {
    ForEachRowTile<kTileRows>(product.rows, [&](int row, auto rows) {
      const int next = row + rows.value;
      PrefetchRows(c, product.c_row_stride, next, Least(next + kTileRows, product.rows));
      if (prefetch_next) {
        PrefetchRows(shared.b + panel_end, shared.b_stride, shared.depth * row / product.rows,
                     shared.depth * next / product.rows);
      }
      MultiplyTile<rows.value, vectors.value>(
          shared.depth, {product.tiles + static_cast<std::ptrdiff_t>(row) * shared.depth, 1, rows.value},
          {b, shared.b_stride}, {c + row * product.c_row_stride, product.c_row_stride}, product.write);
    });
  });
}

// The sums by word of columns [begin, end) of B.
inline void AddRowsByWord(const SharedProducts& shared, int begin, int end) {
  for (int k = 0; k < shared.depth; ++k) {
    const Scalar* from = shared.b + k * shared.b_stride;
    Scalar* sums = shared.word_sums + shared.words[k] * static_cast<std::ptrdiff_t>(shared.word_columns);
    for (int j = begin; j < end; j += kLanes) Store(sums + j, Load(sums + j) + Load(from + j));
  }
}

inline void MultiplyShared(const SharedProducts& shared) {
  constexpr int kPanel = kTileVectors * kLanes;
  // The first panel is a low one where that lets the first product, the greatest, begin with a whole one.
  int end = shared.products[0].first_column % kPanel;
  if (end == 0) end = kPanel;
  for (int column = 0; column < shared.columns; column = end, end += kPanel) {
    end = Least(end, shared.columns);
    for (int i = 0; i < shared.count; ++i) {
      MultiplyPanel(shared, shared.products[i], column, end, i == 0 && end < shared.columns);
    }
    if (column >= shared.word_columns) continue;
    AddRowsByWord(shared, column, Least(end, shared.word_columns));
  }
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
