// How the perturbation of the embedded tokens is made.
#pragma once

#include <cstddef>

#include "cpu/kernels/kernel_table.h"

namespace advnative {

// Δ = ε·sign(∇ₑJ), one for each embedded token, a constant for what follows (Bělohlávek et al. 2018, Eq. 1;
// Goodfellow et al. 2015). Padding columns have gradient 0 and stay 0. Both arrays have `size` elements.
inline void FastGradientSign(const KernelTable& kernels, const Scalar* embedded_gradient, double epsilon,
                             Scalar* perturbation, std::size_t size) {
  kernels.sign_step(embedded_gradient, static_cast<Scalar>(epsilon), perturbation, size);
}

}  // namespace advnative
