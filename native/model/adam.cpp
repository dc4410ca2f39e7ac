#include "model/adam.h"

#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/scalar.h"

namespace advnative {

AdamStep MakeAdamStep(std::uint64_t step, const StepOptions& options, double norm) {
  using Limits = std::numeric_limits<Scalar>;
  const double t = static_cast<double>(step);
  const bool clips = options.clip_norm > 0.0 && norm > options.clip_norm;
  const double scale = clips ? options.clip_norm / norm : 1.0;
  // A scale that is 0 to the device would clip the whole gradient away.
  if (!(norm * scale < std::sqrt(static_cast<double>(Limits::max())) &&
        scale >= static_cast<double>(Limits::min()))) {
    throw Error(ErrorCode::kNotFinite, "step " + std::to_string(step) + ": the gradient's norm, " +
                                           std::to_string(norm) +
                                           ", is too large for Adam; no update was applied");
  }
  return {.gradient_scale = scale,
          .rate = options.learning_rate / (1.0 - std::pow(kAdamBeta1, t)),
          .root_correction = 1.0 / std::sqrt(1.0 - std::pow(kAdamBeta2, t)),
          .decay = options.learning_rate * options.weight_decay};
}

}  // namespace advnative
