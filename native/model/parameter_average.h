// The moving average of the parameters that evaluation uses, the same for every device.
#pragma once

#include <algorithm>
#include <cstdint>

namespace advnative {

// w of average ← average + w·(θ − average) after update number `step` (from 1): 1 − min(decay, (1 + step) /
// (10 + step)), as TensorFlow's tf.train.ExponentialMovingAverage with num_updates has it. The short memory
// of the first steps forgets the initial weights soon, so that the average is used as it stands at any step.
inline double AverageWeight(double decay, std::uint64_t step) {
  return std::max(1.0 - decay, 9.0 / (10.0 + static_cast<double>(step)));
}

// Of a row that most steps leave alone the average needs no move in them: its distance to the row shrinks by
// 1 − w in each, the same for all rows. So what is kept of such a row is its lag,
//   average = θ + scale·lag   with scale = 2^exponent·Π (1 − w) over all steps so far,
// to which a step that moves θ to θ′ adds (1 − w)/scale·(θ − θ′). The exponent keeps the scale within float's
// range: it rises by a multiple of 64 when the scale would fall to 2^−64, and then all lags become smaller by
// that power of two, which rounds nothing. Both are functions of the step: a resumed run needs no more.
struct LagScale {
  double scale;     // in (2^−64, 1]
  double exponent;  // a multiple of 64; 0 before the first step
};

// After update number `step`; decay in (0, 1).
LagScale LagScaleAfter(double decay, std::uint64_t step);

// What update number `step` does to an average.
struct AverageStep {
  double weight;     // w
  double lag_scale;  // after it
  double lag_gain;   // (1 − w)/scale
  double renewal;    // a power of two to multiply all lags by before; 1 in nearly every step
};

// decay in (0, 1), step from 1.
AverageStep MakeAverageStep(double decay, std::uint64_t step);

}  // namespace advnative
