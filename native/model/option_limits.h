// What a number among the options may be, for what float makes of it: the engine computes in float and
// flushes denormals, so that beyond these bounds a number turns into infinity or into 0 and says something
// else than it did.
#pragma once

#include <cmath>
#include <limits>

namespace advnative {

// Whether float holds x as it stands, to rounding: 0, or finite and no denormal. False for NaN.
inline bool HoldsInFloat(double x) {
  return x == 0.0 || (std::abs(x) >= static_cast<double>(std::numeric_limits<float>::min()) &&
                      std::abs(x) <= static_cast<double>(std::numeric_limits<float>::max()));
}

// Adam moves no parameter by more than 7.3 learning rates a step (|m| ≤ 7.3·√v by Cauchy and Schwarz), ten
// times that while its moments are young: at this rate float's range is left after 1e30 steps, so that no
// update needs to be looked at. Parameters begin within ±1; rates far below this teach nothing any more.
inline constexpr double kMostLearningRate = 1e6;

// Adam squares the clipped gradient, whose entries are smaller than its norm by the root of their number:
// below this the squares are 0 in float.
inline constexpr double kLeastClipNorm = 1e-15;

// Of learning rate times weight decay, the share of a weight that a step takes away: with more its sign would
// turn, and with more than twice as much it would grow.
inline constexpr double kMostDecay = 1.0;

// A mask is drawn from 32 bits.
inline constexpr double kLeastDropoutKeep = 0x1p-32;

// A gradient with a larger norm is refused before Adam, so that no run has moments beyond; from them an
// update at the greatest rate stays finite whatever the second moment is.
inline const double kMostMoment = std::sqrt(static_cast<double>(std::numeric_limits<float>::max()));

}  // namespace advnative
