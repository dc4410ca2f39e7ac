// Adam with optional clipping of the global gradient norm and decoupled weight decay.
#pragma once

#include <functional>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/thread_pool.h"
#include "cpu/kernels/kernel_table.h"
#include "model/gradient_support.h"
#include "model/model.h"

namespace advnative {

// Kingma and Ba 2015, Algorithm 1, β1 = 0.9, β2 = 0.999, ε = 1e-8 added to the corrected root (as PyTorch and
// Keras do). Weights decay beside Adam's step and not through the gradient, so that moments know nothing of
// it: θ ← θ − (lr·λ·θ + Adam's step of θ) (AdamW; Loshchilov and Hutter 2019, Algorithm 2, with λ times the
// learning rate as in torch.optim.AdamW).
class Optimizer {
 public:
  // `tensors`, in order and without gaps, must live as long as the optimizer.
  Optimizer(const KernelTable& kernels, ThreadPool& pool, const std::vector<TensorInfo>& tensors);

  // The global norm of a gradient that is zero outside its support. Throws kNotFinite, naming `step` and the
  // first tensor at fault.
  double CheckedNorm(const Scalar* gradient, const GradientSupport& support, std::uint64_t step);

  // Update number `step` (from 1) with the options' learning rate, clipping and weight decay. The gradient
  // counts with clip_norm / norm where norm is above clip_norm > 0; the decay is not clipped. Throws
  // kNotFinite, with nothing changed, when the gradient's square would overflow the second moment.
  // Outside the support moments decay and parameters move as with a gradient of zero, bit for bit, without
  // reading it. after_chunk(begin, count) is called on the compute threads for every chunk updated, which is
  // then in the cache.
  void Update(std::uint64_t step, const StepOptions& options, double norm, const Scalar* gradient,
              const GradientSupport& support, Scalar* parameters,
              const std::function<void(std::size_t, std::size_t)>& after_chunk);

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
