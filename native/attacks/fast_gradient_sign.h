// The fast gradient sign method (Goodfellow et al. 2015).
#pragma once

#include "attacks/epsilon.h"
#include "base/cancellation.h"
#include "base/philox.h"

namespace advnative {

class Backend;

// Δ = ε·sign(∇ₑJ), one for each embedded token, a constant for what follows (Bělohlávek et al. 2018, Eq. 1).
struct FastGradientSign {
  static constexpr bool kUsesGradient = true;

  double epsilon;  // ≥ 0
  EpsilonUnit unit;
};

// See attacks/attack.h.
double Perturb(const FastGradientSign& attack, Backend& backend, const StepKey& key,
               const Cancellation& cancellation);

}  // namespace advnative
