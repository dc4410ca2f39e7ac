// Rearranging weights into the panels that the kernels read in order, and products with them.
#pragma once

#include <cstddef>

#include "base/matrix_view.h"
#include "cpu/kernels/kernel_table.h"

namespace advnative {

// Columns of a full tile, the width of a panel.
inline int PanelWidth(const KernelTable& kernels) { return 3 * kernels.lanes; }

// Elements that PackPanels writes for `depth` rows and `columns` columns.
inline std::size_t PackedSize(const KernelTable& kernels, int depth, int columns) {
  const int width = PanelWidth(kernels);
  return static_cast<std::size_t>((columns + width - 1) / width * width) * static_cast<std::size_t>(depth);
}

// Packs b [depth][columns] as [panel][depth][PanelWidth], zeros beyond its columns: the B operand of Product
// with b_panel_stride = depth·PanelWidth and b_depth_stride = PanelWidth.
void PackPanels(const KernelTable& kernels, ConstMatrix b, Scalar* packed);
// The same of the transpose of `source` [columns][depth].
void PackTransposedPanels(const KernelTable& kernels, ConstMatrix source, Scalar* packed);

// C = A·B or C += A·B: a [rows][depth], b [depth][columns] packed, c [rows][columns] padded to whole vectors.
void MultiplyPacked(const KernelTable& kernels, ConstMatrix a, const Scalar* packed_b, Matrix c, Write write);

// C = Aᵀ·B or C += Aᵀ·B: a [depth][rows], b [depth][columns], c [rows][columns], the last two padded to whole
// vectors. `scratch` takes rows·depth elements: Aᵀ in tiles, which costs less than reading A across its rows.
void MultiplyTransposed(const KernelTable& kernels, ConstMatrix a, ConstMatrix b, Matrix c, Scalar* scratch,
                        Write write);

}  // namespace advnative
