// The parts that the time of a step is told by.
#pragma once

#include <array>
#include <cstddef>

namespace advnative {

enum class Part {
  // Of the step's own duration:
  kPrepare,  // masks, empty gradients
  kPack,     // weights into the kernels' order, weight gradients out of it
  kRecurrentForward,
  kHead,
  kRecurrentBackward,
  kEmbedding,  // words made of n-grams, perturbation
  kOptimizer,
  // Of the time that threads spent in the recurrent layer:
  kForwardSteps,     // products with gates and state
  kBackwardGates,    // from the states' gradient to the gates'
  kBackwardProduct,  // back through the recurrent weights
  kWeightGradients,
  kInputGradient,
};

// Their names in a profile (see ProfilePart), in the same order.
inline constexpr std::array kPartNames{
    "wall.prepare",           "wall.pack",
    "wall.recurrentForward",  "wall.head",
    "wall.recurrentBackward", "wall.embedding",
    "wall.optimizer",         "thread.forwardSteps",
    "thread.backwardGates",   "thread.backwardProduct",
    "thread.weightGradients", "thread.inputGradient",
};
static_assert(kPartNames.size() == static_cast<std::size_t>(Part::kInputGradient) + 1);

// Milliseconds of every part, each added to by PartTimers.
class PartTimes {
 public:
  double& operator[](Part part) { return milliseconds_[static_cast<std::size_t>(part)]; }

  PartTimes& operator+=(const PartTimes& other) {
    for (std::size_t i = 0; i < milliseconds_.size(); ++i) milliseconds_[i] += other.milliseconds_[i];
    return *this;
  }

  // Of the step's own duration.
  double Wall() const {
    double sum = 0.0;
    for (std::size_t i = 0; i <= static_cast<std::size_t>(Part::kOptimizer); ++i) sum += milliseconds_[i];
    return sum;
  }

  // In the order of kPartNames.
  const std::array<double, kPartNames.size()>& milliseconds() const { return milliseconds_; }

 private:
  std::array<double, kPartNames.size()> milliseconds_{};
};

}  // namespace advnative
