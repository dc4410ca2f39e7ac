// The size of a perturbation.
#pragma once

#include <cstdint>

namespace advnative {

class Backend;

// What ε counts: embedded coordinates as they are, or standard deviations of the current embedding table.
enum class EpsilonUnit { kAbsolute, kStandardDeviation };

// `epsilon` of a unit as an absolute number. Throws kInvalidArgument, naming `step`, where it is infinite or,
// though neither epsilon nor its unit is, 0 in 32-bit float.
double AbsoluteEpsilon(double epsilon, EpsilonUnit unit, Backend& backend, std::uint64_t step);

}  // namespace advnative
