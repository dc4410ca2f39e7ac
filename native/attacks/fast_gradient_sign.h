// The fast gradient sign method (Goodfellow et al. 2015).
#pragma once

#include <cstdint>

#include "model/model.h"

namespace advnative {

class Backend;

// Δ = ε·sign(∇ₑJ), one for each embedded token, a constant for what follows (Bělohlávek et al. 2018, Eq. 1),
// made of the last pass's gradient of the embedded tokens. Returns ε as an absolute number. Throws
// kInvalidArgument, naming `step`, where that is infinite or, though it should not be, 0 in 32-bit float.
double Perturb(const AdversarialOptions& options, Backend& backend, std::uint64_t step);

}  // namespace advnative
