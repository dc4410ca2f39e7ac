// The attacks there are, as an option of a training step: each has a file of its own.
#pragma once

#include <variant>

#include "attacks/fast_gradient_sign.h"
#include "attacks/random_sign.h"

namespace advnative {

// Every alternative has
//   static constexpr bool kUsesGradient, whether Δ is made of the clean pass's gradient of the embedded
//   tokens double Perturb(const Alternative&, Backend&, const StepKey&, const Cancellation&)
// which makes Δ after the clean pass, by calls of the backend, further passes among them, and returns ε as an
// absolute number. It throws as a step does, before any update.
using Attack = std::variant<FastGradientSign, RandomSign>;

}  // namespace advnative
