// Reading what a training step is told; errors as in binding/arguments.h.
#pragma once

#include <napi.h>

#include "model/model.h"

namespace advnative::binding {

StepOptions ReadStepOptions(const Napi::Value& value);

}  // namespace advnative::binding
