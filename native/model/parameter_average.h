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

}  // namespace advnative
