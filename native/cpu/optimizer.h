// Adam with decoupled weight decay over the whole parameter vector.
#pragma once

#include <functional>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/thread_pool.h"
#include "cpu/kernels/kernel_table.h"
#include "model/adam.h"
#include "model/gradient_support.h"
#include "model/model.h"

namespace advnative {

// Adam's moments and its update by the numbers of model/adam.h. Weights decay beside Adam's step and not
// through the gradient, so that moments know nothing of it: θ ← θ − (lr·λ·θ + Adam's step of θ) (AdamW;
// Loshchilov and Hutter 2019, Algorithm 2, with λ times the learning rate as in torch.optim.AdamW).
class Optimizer {
 public:
  // `tensors`, in order and without gaps, must live as long as the optimizer.
  Optimizer(const KernelTable& kernels, ThreadPool& pool, const std::vector<TensorInfo>& tensors);

  // Gradients and parameters are vectors of all parameters, as the tensors lay them out.
  //
  // Of a gradient that is zero outside its support.
  double SumOfSquares(const Scalar* gradient, const GradientSupport& support);

  // Outside the support moments decay and parameters move as with a gradient of zero, bit for bit, without
  // reading it. after_chunk(begin, count) is called on the compute threads for every chunk updated, which is
  // then in the cache.
  void Update(const AdamStep& adam, const Scalar* gradient, const GradientSupport& support,
              Scalar* parameters, const std::function<void(std::size_t, std::size_t)>& after_chunk);

  AlignedBuffer<Scalar>& first_moment() { return first_moment_; }
  AlignedBuffer<Scalar>& second_moment() { return second_moment_; }
  const AlignedBuffer<Scalar>& first_moment() const { return first_moment_; }
  const AlignedBuffer<Scalar>& second_moment() const { return second_moment_; }

 private:
  const KernelTable& kernels_;
  ThreadPool& pool_;
  const std::vector<TensorInfo>& tensors_;
  AlignedBuffer<Scalar> first_moment_;
  AlignedBuffer<Scalar> second_moment_;
};

}  // namespace advnative
