// Reading what a training step or an attacked evaluation is told; errors as in binding/arguments.h.
#pragma once

#include <napi.h>

#include <cstdint>
#include <vector>

#include "model/model.h"

namespace advnative::binding {

StepOptions ReadStepOptions(const Napi::Value& value);
// The `attacks` of evaluateUnder's options, at least one.
std::vector<Attack> ReadAttacks(const Napi::Value& options);
// Their `draw`, in [0, 2^53).
std::uint64_t ReadDraw(const Napi::Value& options);

}  // namespace advnative::binding
