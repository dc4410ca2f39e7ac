// The number that a model computes with.
#pragma once

namespace advnative {

// float in every model that trains. The native tests compile the engine a second time in double, where finite
// differences tell a wrong gradient from rounding; no program has both.
#if defined(ADVNATIVE_DOUBLE)
using Scalar = double;
#else
using Scalar = float;
#endif

}  // namespace advnative
