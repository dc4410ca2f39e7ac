#include "cpu/layers/dense.h"

#include <algorithm>

#include "cpu/layers/packing.h"

namespace advnative {

namespace {

// Rows of a batch that a weight gradient reads at a time: what a task reads of them stays in its caches.
constexpr int kRows = 512;

}  // namespace

void CopyBias(int size, std::ptrdiff_t padded, const Scalar* from, AlignedBuffer<Scalar>& to) {
  to.Zero(static_cast<std::size_t>(padded));
  std::copy_n(from, size, to.data());
}

void RepeatBias(const AlignedBuffer<Scalar>& bias, Matrix to, const Cancellation& cancellation) {
  for (int row = 0; row < to.rows; ++row) {
    cancellation.Check();
    std::copy_n(bias.data(), to.stride, to.Row(row));
  }
}

void AddBiasGradient(ConstMatrix values, Scalar* gradient, const Cancellation& cancellation) {
  for (int row = 0; row < values.rows; ++row) {
    cancellation.Check();
    for (int j = 0; j < values.columns; ++j) gradient[j] += values.Row(row)[j];
  }
}

void WeightGradient::VisitBuffers(int outputs, std::size_t weights, std::ptrdiff_t rows,
                                  const BufferVisit& visit) {
  visit(sums_, weights);
  visit(transposed_, Size(outputs, std::min<std::ptrdiff_t>(kRows, rows)));
}

// Some outputs a task and some inputs at a time. Sums go on from block to block of rows, in their order.
void WeightGradient::Add(ConstMatrix output_gradient, ConstMatrix input, Scalar* gradient,
                         const Cancellation& cancellation) {
  constexpr int kOutputs = 64;
  const int outputs = output_gradient.columns;
  const int inputs = input.columns;
  const int width = 64 * PanelWidth(kernels_);
  pool_.Run((outputs + kOutputs - 1) / kOutputs, [&](int task) {
    const int first = task * kOutputs;
    const int count = std::min(kOutputs, outputs - first);
    const Matrix sums{sums_.data() + first * input.stride, count, inputs, input.stride};
    Scalar* transposed =
        transposed_.data() + static_cast<std::ptrdiff_t>(first) * std::min(kRows, input.rows);
    for (int row = 0; row < input.rows; row += kRows) {
      const int rows = std::min(kRows, input.rows - row);
      for (int column = 0; column < inputs; column += width) {
        cancellation.Check();
        const int columns = std::min(width, inputs - column);
        MultiplyTransposed(kernels_, output_gradient.Rows(row, rows).Columns(first, count),
                           input.Rows(row, rows).Columns(column, columns), sums.Columns(column, columns),
                           transposed, row == 0 ? Write::kSet : Write::kAdd);
      }
    }
    const Matrix to = DenseMatrix(gradient, outputs, inputs).Rows(first, count);
    for (int row = 0; row < count; ++row) {
      for (int j = 0; j < inputs; ++j) to.Row(row)[j] += sums.Row(row)[j];
    }
  });
}

}  // namespace advnative
