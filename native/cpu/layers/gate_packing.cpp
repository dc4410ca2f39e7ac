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

void PackGatePanels(const KernelTable& kernels, int gates, int hidden, int depth, const Scalar* source,
                    AlignedBuffer<Scalar>& packed) {
  const int lanes = kernels.lanes;
  Scalar* to = packed.data();
  for (int first = 0; first < hidden; first += lanes) {
    const int units = std::min(lanes, hidden - first);
    for (int k = 0; k < depth; ++k, to += gates * lanes) {
      for (int gate = 0; gate < gates; ++gate) {
        const Scalar* column = source + (static_cast<std::ptrdiff_t>(gate) * hidden + first) * depth + k;
        for (int unit = 0; unit < units; ++unit) {
          to[gate * lanes + unit] = column[static_cast<std::ptrdiff_t>(unit) * depth];
        }
      }
    }
  }
}

void PackStackedGates(const KernelTable& kernels, std::span<const int> order, int hidden, int columns,
                      const Scalar* source, AlignedBuffer<Scalar>& packed) {
  const std::ptrdiff_t padded = PaddedWidth(kernels, hidden);
  const auto depth = static_cast<std::ptrdiff_t>(order.size()) * padded;
  const int width = PanelWidth(kernels);
  Scalar* panel = packed.data();
  for (int first = 0; first < columns; first += width, panel += depth * width) {
    const int filled = std::min(width, columns - first);
    Scalar* to = panel;
    for (const int gate : order) {
      const Scalar* from = source + static_cast<std::ptrdiff_t>(gate) * hidden * columns + first;
      for (int unit = 0; unit < hidden; ++unit) {
        std::copy_n(from + static_cast<std::ptrdiff_t>(unit) * columns, filled,
                    to + static_cast<std::ptrdiff_t>(unit) * width);
      }
      to += padded * width;
    }
  }
}

namespace {

// Adds the columns of one gate, `from` [depth][width], to its rows `to` [H][depth], some units at a time,
// whose rows then stay in the cache.
void AddTransposedGate(int hidden, int depth, const Scalar* from, std::ptrdiff_t width, Scalar* to) {
  constexpr int kUnits = 16;
  for (int first = 0; first < hidden; first += kUnits) {
    const int units = std::min(kUnits, hidden - first);
    Scalar* rows = to + static_cast<std::ptrdiff_t>(first) * depth;
    for (int k = 0; k < depth; ++k) {
      const Scalar* column = from + k * width + first;
      for (int unit = 0; unit < units; ++unit) {
        rows[static_cast<std::ptrdiff_t>(unit) * depth + k] += column[unit];
      }
    }
  }
}

}  // namespace

void AddGateGradients(const KernelTable& kernels, std::span<const int> order, int hidden, int depth,
                      const Scalar* from, Scalar* to) {
  const std::ptrdiff_t padded = PaddedWidth(kernels, hidden);
  const auto width = static_cast<std::ptrdiff_t>(order.size()) * padded;
  for (const int gate : order) {
    AddTransposedGate(hidden, depth, from, width, to + static_cast<std::ptrdiff_t>(gate) * hidden * depth);
    from += padded;
  }
}

}  // namespace advnative
