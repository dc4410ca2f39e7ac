// What a backward pass is for.
#pragma once

namespace advnative {

// Which gradients are asked of a backward pass: those of the parameters, those of the inputs (the embedded
// tokens), or both.
enum class WantedGradients { kParameters, kInputs, kBoth };

}  // namespace advnative
