#include "cpu/optimizer.h"

#include <algorithm>
#include <array>

#include "base/chunks.h"
#include "base/prefetch.h"
#include "model/parameters.h"
#include "model/weight_decay.h"

namespace advnative {

Optimizer::Optimizer(const KernelTable& kernels, ThreadPool& pool, const std::vector<TensorInfo>& tensors)
    : kernels_(kernels),
      pool_(pool),
      tensors_(tensors),
      first_moment_(CountParameters(tensors)),
      second_moment_(CountParameters(tensors)) {}

double Optimizer::SumOfSquares(const Scalar* gradient, const GradientSupport& support,
                               const TouchedRows& rows) {
  double sum = SumOverChunks(pool_, CountDense(tensors_), [&](std::size_t begin, std::size_t count) {
    double squares = 0.0;
    support.ForEachPart(begin, count, [&](std::size_t at, std::size_t size, bool inside) {
      if (inside) squares += kernels_.sum_of_squares(gradient + at, size);
    });
    return squares;
  });
  std::vector<double> blocks(rows.Blocks());
  rows.ForEachBlock(pool_, [&](std::size_t block, std::span<const std::int32_t> touched) {
    for (const std::int32_t row : touched) {
      blocks[block] += kernels_.sum_of_squares(gradient + rows.Place(row), rows.width());
    }
  });
  for (const double block : blocks) sum += block;
  return sum;
}

AdamUpdate Optimizer::UpdateOf(const AdamStep& adam, const Scalar* gradient, Scalar* parameters,
                               std::size_t at, std::size_t size, bool decays) {
  return {.size = size,
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
          .epsilon = static_cast<Scalar>(kAdamEpsilon)};
}

void Optimizer::Update(const AdamStep& adam, const Scalar* gradient, const GradientSupport& support,
                       Scalar* parameters, const std::function<void(std::size_t, std::size_t)>& after_chunk) {
  ForEachChunk(pool_, CountDense(tensors_), [&](std::size_t begin, std::size_t count) {
    support.ForEachPart(begin, count, [&](std::size_t part, std::size_t part_size, bool inside) {
      const auto kernel = inside ? kernels_.adam : kernels_.adam_without_gradient;
      ForEachDecayPart(tensors_, part, part_size, [&](std::size_t at, std::size_t size, bool decays) {
        kernel(UpdateOf(adam, gradient, parameters, at, size, decays));
      });
    });
    after_chunk(begin, count);
  });
}

void Optimizer::UpdateRows(const AdamStep& adam, const Scalar* gradient, const TouchedRows& rows,
                           Scalar* parameters, const AfterPart& after_part) {
  const bool decays = Decays(tensors_.back());
  AdamStep of_rows = adam;
  of_rows.rate *= kTouchedRowRate;
  const std::array<const Scalar*, 5> vectors{parameters, gradient, first_moment_.data(),
                                             second_moment_.data(), after_part.reads};
  // A row at once where it is no longer than that; an update allocates nothing, for it is applied whole.
  constexpr std::size_t kPart = 256;
  rows.ForEachBlock(pool_, [&](std::size_t, std::span<const std::int32_t> touched) {
    Scalar before[kPart];
    for (std::size_t i = 0; i < touched.size(); ++i) {
      // They lie anywhere in memory: without this a step waits for each of them in turn.
      if (i + 2 < touched.size()) {
        for (const Scalar* vector : vectors) {
          if (vector != nullptr) FetchSoon(vector + rows.Place(touched[i + 2]), rows.width());
        }
      }
      const std::size_t end = rows.Place(touched[i]) + rows.width();
      for (std::size_t at = end - rows.width(); at < end; at += kPart) {
        const std::size_t size = std::min(kPart, end - at);
        std::copy_n(parameters + at, size, before);
        kernels_.adam(UpdateOf(of_rows, gradient, parameters, at, size, decays));
        after_part.visit(at, std::span(before, size));
      }
    }
  });
}

}  // namespace advnative
