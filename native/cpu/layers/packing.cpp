#include "cpu/layers/packing.h"

#include <algorithm>

namespace advnative {

namespace {

// Panels of the matrix [depth][columns] of these elements: element(k, j).
template <typename Element>
void PackElements(int width, int depth, int columns, Scalar* packed, Element element) {
  for (int first = 0; first < columns; first += width) {
    const int filled = std::min(width, columns - first);
    for (int k = 0; k < depth; ++k) {
      for (int j = 0; j < filled; ++j) packed[j] = element(k, first + j);
      std::fill(packed + filled, packed + width, Scalar(0));
      packed += width;
    }
  }
}

}  // namespace

void PackPanels(const KernelTable& kernels, ConstMatrix b, Scalar* packed) {
  PackElements(PanelWidth(kernels), b.rows, b.columns, packed, [b](int k, int j) { return b.Row(k)[j]; });
}

void PackTransposedPanels(const KernelTable& kernels, ConstMatrix source, Scalar* packed) {
  PackElements(PanelWidth(kernels), source.columns, source.rows, packed,
               [source](int k, int j) { return source.Row(j)[k]; });
}

void MultiplyPacked(const KernelTable& kernels, ConstMatrix a, const Scalar* packed_b, Matrix c,
                    Write write) {
  const int width = PanelWidth(kernels);
  kernels.multiply({.rows = a.rows,
                    .columns = c.columns,
                    .depth = a.columns,
                    .a = a.data,
                    .a_row_stride = a.stride,
                    .a_layout = Layout::kRows,
                    .b = packed_b,
                    .b_panel_stride = static_cast<std::ptrdiff_t>(a.columns) * width,
                    .b_depth_stride = width,
                    .c = c.data,
                    .c_row_stride = c.stride,
                    .write = write});
}

void MultiplyTransposed(const KernelTable& kernels, ConstMatrix a, ConstMatrix b, Matrix c, Scalar* scratch,
                        Write write) {
  kernels.transpose_to_tiles({.rows = a.columns,
                              .depth = a.rows,
                              .a = a.data,
                              .stride = a.stride,
                              .tiles = scratch,
                              .tile_depth = a.rows,
                              .first = 0});
  kernels.multiply({.rows = a.columns,
                    .columns = b.columns,
                    .depth = a.rows,
                    .a = scratch,
                    .a_row_stride = 0,
                    .a_layout = Layout::kTiles,
                    .b = b.data,
                    .b_panel_stride = PanelWidth(kernels),
                    .b_depth_stride = b.stride,
                    .c = c.data,
                    .c_row_stride = c.stride,
                    .write = write});
}

}  // namespace advnative
