#include "attacks/fast_gradient_sign.h"

#include "model/backend.h"

namespace advnative {

double Perturb(const FastGradientSign& attack, Backend& backend, const StepKey& key,
               const Cancellation& cancellation) {
  const double epsilon = AbsoluteEpsilon(attack.epsilon, attack.unit, backend, key.step);
  cancellation.Check();
  backend.PerturbBySign(epsilon);  // of the gradient of the pass before
  return epsilon;
}

}  // namespace advnative
