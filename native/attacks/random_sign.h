// Random perturbation of the size of the fast gradient sign method's: what adversarial directions are
// compared with.
#pragma once

#include "attacks/epsilon.h"
#include "base/cancellation.h"
#include "base/matrix_view.h"
#include "base/philox.h"
#include "base/scalar.h"

namespace advnative {

class Backend;

// Δ = ε·s, where each coordinate of each embedded token has a sign s of its own, + or − with equal
// probability.
struct RandomSign {
  static constexpr bool kUsesGradient = false;

  double epsilon;  // ≥ 0
  EpsilonUnit unit;
};

// See attacks/attack.h.
double Perturb(const RandomSign& attack, Backend& backend, const StepKey& key,
               const Cancellation& cancellation);

// Element (row, j) becomes epsilon where its bit is 1, else −epsilon; what lies between two rows is 0. A row
// has whole blocks of the stream: its bit j is bit j % 32, from the lowest, of word j / 32 % 4 of block
// row·⌈columns / 128⌉ + j / 128, so that it depends on the stream and its own place only. Throws kCancelled.
void FillRandomSigns(const Philox& random, Scalar epsilon, Matrix perturbation,
                     const Cancellation& cancellation);

}  // namespace advnative
