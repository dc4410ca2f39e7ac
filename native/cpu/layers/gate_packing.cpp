#include "cpu/layers/gate_packing.h"

#include <algorithm>

#include "cpu/layers/packing.h"

namespace advnative {

std::size_t GatePanelsSize(const KernelTable& kernels, int gates, int hidden, int depth) {
  const auto panels = static_cast<std::size_t>((hidden + kernels.lanes - 1) / kernels.lanes);
  return panels * static_cast<std::size_t>(depth) * static_cast<std::size_t>(gates * kernels.lanes);
}

std::size_t StackedGatesSize(const KernelTable& kernels, std::size_t gates, int hidden, int columns) {
  const std::ptrdiff_t depth = static_cast<std::ptrdiff_t>(gates) * PaddedWidth(kernels, hidden);
  return PackedSize(kernels, static_cast<int>(depth), columns);
}

void PackGatePanels(const KernelTable& kernels, int hidden, ConstMatrix tensor,
                    AlignedBuffer<Scalar>& packed) {
  const int lanes = kernels.lanes;
  const int gates = tensor.rows / hidden;
  Scalar* to = packed.data();
  for (int first = 0; first < hidden; first += lanes) {
    const int units = std::min(lanes, hidden - first);
    for (int k = 0; k < tensor.columns; ++k, to += gates * lanes) {
      for (int gate = 0; gate < gates; ++gate) {
        const Scalar* column = tensor.Row(gate * hidden + first) + k;
        for (int unit = 0; unit < units; ++unit) to[gate * lanes + unit] = column[unit * tensor.stride];
      }
    }
  }
}

void PackStackedGates(const KernelTable& kernels, std::span<const int> order, int hidden, ConstMatrix tensor,
                      AlignedBuffer<Scalar>& packed) {
  const std::ptrdiff_t padded = PaddedWidth(kernels, hidden);
  const auto depth = static_cast<std::ptrdiff_t>(order.size()) * padded;
  const int width = PanelWidth(kernels);
  Scalar* panel = packed.data();
  for (int first = 0; first < tensor.columns; first += width, panel += depth * width) {
    const int filled = std::min(width, tensor.columns - first);
    Scalar* to = panel;
    for (const int gate : order) {
      const ConstMatrix from = tensor.Rows(gate * hidden, hidden).Columns(first, filled);
      for (int unit = 0; unit < hidden; ++unit) {
        std::copy_n(from.Row(unit), filled, to + static_cast<std::ptrdiff_t>(unit) * width);
      }
      to += padded * width;
    }
  }
}

namespace {

// Adds the columns of one gate, `from` [depth][H], to its rows `to` [H][depth], some units at a time, whose
// rows then stay in the cache.
void AddTransposedGate(ConstMatrix from, int part, int parts, Scalar* to) {
  constexpr int kUnits = 16;
  const int hidden = from.columns;
  const int depth = from.rows;
  const int blocks = (hidden + kUnits - 1) / kUnits;
  for (int block = blocks * part / parts; block < blocks * (part + 1) / parts; ++block) {
    const int first = block * kUnits;
    const int units = std::min(kUnits, hidden - first);
    Scalar* rows = to + static_cast<std::ptrdiff_t>(first) * depth;
    for (int k = 0; k < depth; ++k) {
      const Scalar* column = from.Row(k) + first;
      for (int unit = 0; unit < units; ++unit) {
        rows[static_cast<std::ptrdiff_t>(unit) * depth + k] += column[unit];
      }
    }
  }
}

}  // namespace

void AddGateGradients(std::span<const int> order, int hidden, ConstMatrix from, int part, int parts,
                      Scalar* to) {
  const int padded = from.columns / static_cast<int>(order.size());
  int column = 0;
  for (const int gate : order) {
    AddTransposedGate(from.Columns(column, hidden), part, parts,
                      to + static_cast<std::ptrdiff_t>(gate) * hidden * from.rows);
    column += padded;
  }
}

}  // namespace advnative
