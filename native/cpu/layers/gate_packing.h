// Weights of gates in the order the kernels read them, and the way back for their gradients.
//
// A tensor of gates has rows [gate][unit] of `depth` columns; H* is H rounded up to whole vectors.
#pragma once

#include <span>

#include "base/aligned_buffer.h"
#include "base/matrix_view.h"
#include "cpu/kernels/kernel_table.h"

namespace advnative {

// Elements that PackGatePanels writes.
std::size_t GatePanelsSize(const KernelTable& kernels, int gates, int hidden, int depth);

// Elements that PackStackedGates writes for `gates` gates.
std::size_t StackedGatesSize(const KernelTable& kernels, std::size_t gates, int hidden, int columns);

// [panel][depth][gate][lanes hidden units] from the tensor [gates·H][depth], zeros beyond H: one tile holds
// all gates of the same units. With depth 1 it packs a bias. `packed` must have its size; what pads is left
// as it is, zero.
void PackGatePanels(const KernelTable& kernels, int hidden, ConstMatrix tensor,
                    AlignedBuffer<Scalar>& packed);

// Panels (see PackPanels) of the matrix [order.size()·H*][columns] whose rows are gates of the tensor
// [gates·H][columns] in `order`, each padded with zero rows to H*. `packed` as above.
void PackStackedGates(const KernelTable& kernels, std::span<const int> order, int hidden, ConstMatrix tensor,
                      AlignedBuffer<Scalar>& packed);

// Adds a gradient whose columns are gates in `order`, `from` [depth][order.size()·H*], to the tensor's own
// layout [gates·H][depth]: share `part` of `parts` of each gate's units.
void AddGateGradients(std::span<const int> order, int hidden, ConstMatrix from, int part, int parts,
                      Scalar* to);

}  // namespace advnative
