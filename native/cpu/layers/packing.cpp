#include "cpu/layers/packing.h"

#include <algorithm>

namespace advnative {

void PackPanels(const KernelTable& kernels, int depth, int columns, const Scalar* source,
                std::ptrdiff_t depth_stride, std::ptrdiff_t column_stride, Scalar* packed) {
  const int width = PanelWidth(kernels);
  for (int first = 0; first < columns; first += width) {
    const int filled = std::min(width, columns - first);
    for (int k = 0; k < depth; ++k) {
      const Scalar* row = source + k * depth_stride + first * column_stride;
      for (int j = 0; j < filled; ++j) packed[j] = row[j * column_stride];
      std::fill(packed + filled, packed + width, Scalar(0));
      packed += width;
    }
  }
}

void MultiplyPacked(const KernelTable& kernels, int rows, int columns, int depth, const Scalar* a,
                    std::ptrdiff_t a_stride, const Scalar* packed, Scalar* c, std::ptrdiff_t c_stride,
                    Write write) {
  const int width = PanelWidth(kernels);
  kernels.multiply({.rows = rows,
                    .columns = columns,
                    .depth = depth,
                    .a = a,
                    .a_row_stride = a_stride,
                    .a_layout = Layout::kRows,
                    .b = packed,
                    .b_panel_stride = static_cast<std::ptrdiff_t>(depth) * width,
                    .b_depth_stride = width,
                    .c = c,
                    .c_row_stride = c_stride,
                    .write = write});
}

void AddTransposedProduct(const KernelTable& kernels, int rows, int columns, int depth, const Scalar* a,
                          std::ptrdiff_t a_stride, const Scalar* b, std::ptrdiff_t b_stride, Scalar* c,
                          std::ptrdiff_t c_stride, Scalar* scratch) {
  kernels.transpose_to_tiles({.rows = rows,
                              .depth = depth,
                              .a = a,
                              .stride = a_stride,
                              .tiles = scratch,
                              .tile_depth = depth,
                              .first = 0});
  kernels.multiply({.rows = rows,
                    .columns = columns,
                    .depth = depth,
                    .a = scratch,
                    .a_row_stride = 0,
                    .a_layout = Layout::kTiles,
                    .b = b,
                    .b_panel_stride = PanelWidth(kernels),
                    .b_depth_stride = b_stride,
                    .c = c,
                    .c_row_stride = c_stride,
                    .write = Write::kAdd});
}

}  // namespace advnative
