// The fast gradient sign method (Goodfellow et al. 2015).
#pragma once

#include <cstdint>

#include "attacks/epsilon.h"
#include "base/cancellation.h"

namespace advnative {

class Backend;

// Δ = ε·sign(∇ₑJ), one for each embedded token, a constant for what follows (Bělohlávek et al. 2018, Eq. 1).
struct FastGradientSign {
  double epsilon;  // ≥ 0
  EpsilonUnit unit;
};

// See attacks/attack.h.
double Perturb(const FastGradientSign& attack, Backend& backend, std::uint64_t step,
               const Cancellation& cancellation);

}  // namespace advnative
