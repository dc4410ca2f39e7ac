// The attacks there are, as an option of a training step: each has a file of its own.
#pragma once

#include <variant>

#include "attacks/fast_gradient_sign.h"

namespace advnative {

// Every alternative has
//   double Perturb(const Alternative&, Backend&, std::uint64_t step, const Cancellation&)
// which makes Δ of the clean pass's gradient of the embedded tokens, by calls of the backend, further passes
// among them, and returns ε as an absolute number. It throws as a step does, before any update.
using Attack = std::variant<FastGradientSign>;

}  // namespace advnative
