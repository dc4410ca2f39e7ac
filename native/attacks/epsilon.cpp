#include "attacks/epsilon.h"

#include <cstdio>
#include <limits>
#include <string>

#include "base/error.h"
#include "base/scalar.h"
#include "model/backend.h"

namespace advnative {

double AbsoluteEpsilon(double epsilon, EpsilonUnit unit, Backend& backend, std::uint64_t step) {
  using Limits = std::numeric_limits<Scalar>;
  const double of_unit = unit == EpsilonUnit::kAbsolute ? 1.0 : backend.EmbeddingStandardDeviation();
  const double absolute = epsilon * of_unit;
  const bool meant_to_be_zero = epsilon == 0.0 || of_unit == 0.0;
  if (absolute <= static_cast<double>(Limits::max()) &&
      (meant_to_be_zero || absolute >= static_cast<double>(Limits::min()))) {
    return absolute;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%g", absolute);
  throw Error(ErrorCode::kInvalidArgument,
              "step " + std::to_string(step) + ": epsilon is " + text + " as an absolute number, which is " +
                  (absolute > 1.0 ? "infinite" : "0") + " in 32-bit float; no update was applied");
}

}  // namespace advnative
