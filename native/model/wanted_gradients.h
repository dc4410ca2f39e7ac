// What a pass of a step is for.
#pragma once

namespace advnative {

// Which gradients are asked of a pass: those of the parameters, those of the inputs (the embedded tokens),
// both, or none, so that it does not go back.
enum class WantedGradients { kParameters, kInputs, kBoth, kNone };

}  // namespace advnative
