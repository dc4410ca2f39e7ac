// What layers of y = W·x + b share: the bias in front of a product, and the gradients of W and b.
#pragma once

#include "base/aligned_buffer.h"
#include "base/buffer_count.h"
#include "base/cancellation.h"
#include "base/matrix_view.h"
#include "base/thread_pool.h"
#include "cpu/kernels/kernel_table.h"

namespace advnative {

// A bias [size] with zeros up to `padded`.
void CopyBias(int size, std::ptrdiff_t padded, const Scalar* from, AlignedBuffer<Scalar>& to);

// Makes every row of `to` the bias, with what pads it. Throws kCancelled.
void RepeatBias(const AlignedBuffer<Scalar>& bias, Matrix to, const Cancellation& cancellation);

// Adds the columns' sums over the rows to `gradient`. Throws kCancelled.
void AddBiasGradient(ConstMatrix values, Scalar* gradient, const Cancellation& cancellation);

// The gradient of weights over the rows of a batch. Its scratch serves one after the other.
class WeightGradient {
 public:
  WeightGradient(const KernelTable& kernels, ThreadPool& pool) : kernels_(kernels), pool_(pool) {}

  // Room for products of at most this many outputs, weights (with what pads the inputs) and rows.
  void VisitBuffers(int outputs, std::size_t weights, std::ptrdiff_t rows, const BufferVisit& visit);

  // gradient [outputs][inputs] += output_gradientᵀ·input, of output_gradient [rows][outputs] and input
  // [rows][inputs], padded. Throws kCancelled.
  void Add(ConstMatrix output_gradient, ConstMatrix input, Scalar* gradient,
           const Cancellation& cancellation);

 private:
  const KernelTable& kernels_;
  ThreadPool& pool_;
  AlignedBuffer<Scalar> sums_;
  AlignedBuffer<Scalar> transposed_;
};

}  // namespace advnative
