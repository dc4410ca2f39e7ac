// Adam with decoupled weight decay over the parameter vector.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/thread_pool.h"
#include "cpu/kernels/kernel_table.h"
#include "cpu/touched_rows.h"
#include "model/adam.h"
#include "model/gradient_support.h"
#include "model/model.h"

namespace advnative {

// Adam's moments and its update by the numbers of model/adam.h. Weights decay beside Adam's step and not
// through the gradient, so that moments know nothing of it: θ ← θ − (lr·λ·θ + Adam's step of θ) (AdamW;
// Loshchilov and Hutter 2019, Algorithm 2, with λ times the learning rate as in torch.optim.AdamW).
class Optimizer {
 public:
  // What becomes of a part of a row that was updated: visit(begin, before) is called on a compute thread with
  // the values that it had. `reads`, where it isn't null, is a vector of all parameters whose row it needs.
  struct AfterPart {
    std::function<void(std::size_t begin, std::span<const Scalar> before)> visit;
    const Scalar* reads = nullptr;
  };

  // `tensors`, in order and without gaps, must live as long as the optimizer.
  Optimizer(const KernelTable& kernels, ThreadPool& pool, const std::vector<TensorInfo>& tensors);

  // Gradients and parameters are vectors of all parameters, as the tensors lay them out. Their dense part is
  // all but the table of n-grams (CountDense).
  //
  // Of a gradient whose dense part is zero outside its support, and its table outside the rows.
  double SumOfSquares(const Scalar* gradient, const GradientSupport& support, const TouchedRows& rows);

  // Updates the dense part. Outside the support moments decay and parameters move as with a gradient of zero,
  // bit for bit, without reading it. after_chunk(begin, count) is called on the compute threads for every
  // chunk updated, which is then in the cache.
  void Update(const AdamStep& adam, const Scalar* gradient, const GradientSupport& support,
              Scalar* parameters, const std::function<void(std::size_t, std::size_t)>& after_chunk);

  // Updates rows of the table, and leaves the others with their moments as they are: a row's moments forget
  // in the steps that touch it alone, and only these move and decay it (torch.optim.SparseAdam; LazyAdam of
  // TensorFlow Addons), by the bias corrections of the step's number and kTouchedRowRate.
  void UpdateRows(const AdamStep& adam, const Scalar* gradient, const TouchedRows& rows, Scalar* parameters,
                  const AfterPart& after_part);

  AlignedBuffer<Scalar>& first_moment() { return first_moment_; }
  AlignedBuffer<Scalar>& second_moment() { return second_moment_; }
  const AlignedBuffer<Scalar>& first_moment() const { return first_moment_; }
  const AlignedBuffer<Scalar>& second_moment() const { return second_moment_; }

 private:
  AdamUpdate UpdateOf(const AdamStep& adam, const Scalar* gradient, Scalar* parameters, std::size_t at,
                      std::size_t size, bool decays);

  const KernelTable& kernels_;
  ThreadPool& pool_;
  const std::vector<TensorInfo>& tensors_;
  AlignedBuffer<Scalar> first_moment_;
  AlignedBuffer<Scalar> second_moment_;
};

}  // namespace advnative
