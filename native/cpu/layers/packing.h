// Rearranging weights into the panels that the kernels read in order.
#pragma once

#include <cstddef>

#include "cpu/kernels/kernel_table.h"

namespace advnative {

// Columns of a full tile, the width of a panel.
inline int PanelWidth(const KernelTable& kernels) { return 3 * kernels.lanes; }

// Elements that PackPanels writes for `depth` rows and `columns` columns.
inline std::size_t PackedSize(const KernelTable& kernels, int depth, int columns) {
  const int width = PanelWidth(kernels);
  return static_cast<std::size_t>((columns + width - 1) / width * width) * static_cast<std::size_t>(depth);
}

// Packs the matrix whose element (k, j) is source[k·depth_stride + j·column_stride] as
// [panel][depth][PanelWidth], zeros beyond its columns: the B operand of Product with b_panel_stride =
// depth·PanelWidth and b_depth_stride = PanelWidth.
void PackPanels(const KernelTable& kernels, int depth, int columns, const Scalar* source,
                std::ptrdiff_t depth_stride, std::ptrdiff_t column_stride, Scalar* packed);

// A product of row-major A [rows][a_stride] with a packed B.
void MultiplyPacked(const KernelTable& kernels, int rows, int columns, int depth, const Scalar* a,
                    std::ptrdiff_t a_stride, const Scalar* packed, Scalar* c, std::ptrdiff_t c_stride,
                    Write write);

// C += Aᵀ·B over `depth` rows: row-major A [depth][a_stride] with `rows` columns, row-major B
// [depth][b_stride] padded to whole vectors. `scratch` takes rows·depth elements: Aᵀ in tiles, which costs
// less than reading A across its rows.
void AddTransposedProduct(const KernelTable& kernels, int rows, int columns, int depth, const Scalar* a,
                          std::ptrdiff_t a_stride, const Scalar* b, std::ptrdiff_t b_stride, Scalar* c,
                          std::ptrdiff_t c_stride, Scalar* scratch);

}  // namespace advnative
