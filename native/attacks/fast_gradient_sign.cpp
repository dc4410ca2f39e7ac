#include "attacks/fast_gradient_sign.h"

#include "attacks/epsilon.h"
#include "model/backend.h"

namespace advnative {

double Perturb(const AdversarialOptions& options, Backend& backend, std::uint64_t step) {
  const double epsilon = AbsoluteEpsilon(options.epsilon, options.unit, backend, step);
  backend.PerturbBySign(epsilon);
  return epsilon;
}

}  // namespace advnative
