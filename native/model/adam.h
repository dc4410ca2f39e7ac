// The numbers of one update by Adam, the same for every device.
#pragma once

#include <cstdint>

#include "model/model.h"

namespace advnative {

// Kingma and Ba 2015, Algorithm 1, β1 = 0.9, β2 = 0.999, ε = 1e-8 added to the corrected root (as PyTorch and
// Keras do).
inline constexpr double kAdamBeta1 = 0.9;
inline constexpr double kAdamBeta2 = 0.999;
inline constexpr double kAdamEpsilon = 1e-8;

//   m ← β1·m + (1 − β1)·s·g   v ← β2·v + (1 − β2)·(s·g)²
//   θ ← θ − (decay·θ + rate·m / (√v·root_correction + ε))
// with s = gradient_scale; decay counts for tensors that decay (model/weight_decay.h).
struct AdamStep {
  double gradient_scale;
  double rate;
  double root_correction;
  double decay;
};

// Vectors of n-grams get their update in steps that touch them alone, and this multiple of the learning rate:
// Adam over all rows moves a row for ten steps more after each that touches it, which those that are touched
// one at a time would lack (docs/decisions/subwords.md). Their decay is that of the other weights.
inline constexpr double kTouchedRowRate = 4.0;

// Update number `step` (from 1) of a gradient with this norm: scaled by clip_norm / norm where the norm is
// above clip_norm > 0. Throws kNotFinite when the gradient's square would overflow the second moment.
AdamStep MakeAdamStep(std::uint64_t step, const StepOptions& options, double norm);

}  // namespace advnative
