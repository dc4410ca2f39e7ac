#include "cpu/optimizer.h"

#include "base/chunks.h"
#include "model/parameters.h"
#include "model/weight_decay.h"

namespace advnative {

Optimizer::Optimizer(const KernelTable& kernels, ThreadPool& pool, const std::vector<TensorInfo>& tensors)
    : kernels_(kernels),
      pool_(pool),
      tensors_(tensors),
      first_moment_(CountParameters(tensors)),
      second_moment_(CountParameters(tensors)) {}

double Optimizer::SumOfSquares(const Scalar* gradient, const GradientSupport& support) {
  return SumOverChunks(pool_, first_moment_.size(), [&](std::size_t begin, std::size_t count) {
    double squares = 0.0;
    support.ForEachPart(begin, count, [&](std::size_t at, std::size_t size, bool inside) {
      if (inside) squares += kernels_.sum_of_squares(gradient + at, size);
    });
    return squares;
  });
}

void Optimizer::Update(const AdamStep& adam, const Scalar* gradient, const GradientSupport& support,
                       Scalar* parameters, const std::function<void(std::size_t, std::size_t)>& after_chunk) {
  const auto update = [&](std::size_t at, std::size_t size, bool inside, bool decays) {
    const auto kernel = inside ? kernels_.adam : kernels_.adam_without_gradient;
    kernel({.size = size,
            .parameters = parameters + at,
            .gradient = gradient + at,
            .first_moment = first_moment_.data() + at,
            .second_moment = second_moment_.data() + at,
            .gradient_scale = static_cast<Scalar>(adam.gradient_scale),
            .rate = static_cast<Scalar>(adam.rate),
            .decay = decays ? static_cast<Scalar>(adam.decay) : Scalar(0),
            .root_correction = static_cast<Scalar>(adam.root_correction),
            .beta1 = static_cast<Scalar>(kAdamBeta1),
            .beta2 = static_cast<Scalar>(kAdamBeta2),
            .one_minus_beta1 = static_cast<Scalar>(1.0 - kAdamBeta1),
            .one_minus_beta2 = static_cast<Scalar>(1.0 - kAdamBeta2),
            .epsilon = static_cast<Scalar>(kAdamEpsilon)});
  };
  ForEachChunk(pool_, first_moment_.size(), [&](std::size_t begin, std::size_t count) {
    support.ForEachPart(begin, count, [&](std::size_t part, std::size_t part_size, bool inside) {
      ForEachDecayPart(tensors_, part, part_size, [&](std::size_t at, std::size_t size, bool decays) {
        update(at, size, inside, decays);
      });
    });
    after_chunk(begin, count);
  });
}

}  // namespace advnative
