#include "cpu/optimizer.h"

#include <cmath>
#include <limits>

#include "base/chunks.h"
#include "model/parameters.h"
#include "model/weight_decay.h"

namespace advnative {

namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kEpsilon = 1e-8;

}  // namespace

Optimizer::Optimizer(const KernelTable& kernels, ThreadPool& pool, const std::vector<TensorInfo>& tensors)
    : kernels_(kernels),
      pool_(pool),
      tensors_(tensors),
      first_moment_(CountParameters(tensors)),
      second_moment_(CountParameters(tensors)) {}

double Optimizer::CheckedNorm(const Scalar* gradient, const GradientSupport& support, std::uint64_t step) {
  const double sum = SumOverChunks(pool_, first_moment_.size(), [&](std::size_t begin, std::size_t count) {
    double squares = 0.0;
    support.ForEachPart(begin, count, [&](std::size_t at, std::size_t size, bool inside) {
      if (inside) squares += kernels_.sum_of_squares(gradient + at, size);
    });
    return squares;
  });
  if (std::isfinite(sum)) return std::sqrt(sum);
  for (const TensorInfo& tensor : tensors_) {
    if (std::isfinite(kernels_.sum_of_squares(gradient + tensor.offset, tensor.size))) continue;
    throw Error(ErrorCode::kNotFinite, "step " + std::to_string(step) + ": the gradient of " + tensor.name +
                                           " is not finite; no update was applied");
  }
  throw Error(ErrorCode::kNotFinite, "step " + std::to_string(step) +
                                         ": the norm of the gradient is not finite; no update was applied");
}

void Optimizer::Update(std::uint64_t step, const StepOptions& options, double norm, const Scalar* gradient,
                       const GradientSupport& support, Scalar* parameters,
                       const std::function<void(std::size_t, std::size_t)>& after_chunk) {
  const double t = static_cast<double>(step);
  const bool clips = options.clip_norm > 0.0 && norm > options.clip_norm;
  const double scale = clips ? options.clip_norm / norm : 1.0;
  // A scale that is 0 to the kernels would clip the whole gradient away.
  if (!(norm * scale < std::sqrt(static_cast<double>(std::numeric_limits<Scalar>::max())) &&
        scale >= static_cast<double>(std::numeric_limits<Scalar>::min()))) {
    throw Error(ErrorCode::kNotFinite, "step " + std::to_string(step) + ": the gradient's norm, " +
                                           std::to_string(norm) +
                                           ", is too large for Adam; no update was applied");
  }
  const double rate = options.learning_rate / (1.0 - std::pow(kBeta1, t));
  const double root_correction = 1.0 / std::sqrt(1.0 - std::pow(kBeta2, t));
  const double decay = options.learning_rate * options.weight_decay;
  const auto update = [&](std::size_t at, std::size_t size, const Scalar* part_gradient, bool decays) {
    kernels_.adam({.size = size,
                   .parameters = parameters + at,
                   .gradient = part_gradient,
                   .first_moment = first_moment_.data() + at,
                   .second_moment = second_moment_.data() + at,
                   .gradient_scale = static_cast<Scalar>(scale),
                   .rate = static_cast<Scalar>(rate),
                   .decay = decays ? static_cast<Scalar>(decay) : Scalar(0),
                   .root_correction = static_cast<Scalar>(root_correction),
                   .beta1 = static_cast<Scalar>(kBeta1),
                   .beta2 = static_cast<Scalar>(kBeta2),
                   .one_minus_beta1 = static_cast<Scalar>(1.0 - kBeta1),
                   .one_minus_beta2 = static_cast<Scalar>(1.0 - kBeta2),
                   .epsilon = static_cast<Scalar>(kEpsilon)});
  };
  ForEachChunk(pool_, first_moment_.size(), [&](std::size_t begin, std::size_t count) {
    support.ForEachPart(begin, count, [&](std::size_t part, std::size_t part_size, bool inside) {
      ForEachDecayPart(tensors_, part, part_size, [&](std::size_t at, std::size_t size, bool decays) {
        update(at, size, inside ? gradient + at : nullptr, decays);
      });
    });
    after_chunk(begin, count);
  });
}

}  // namespace advnative
