// The CPU's backend, as native/create_model.cpp sees it.
#pragma once

#include <memory>

#include "model/backend.h"

namespace advnative {

// As CreateModel. Throws kOutOfMemory when the process may not have the model, kUnsupported for an
// instruction set that this build lacks, kThreads and std::bad_alloc.
std::unique_ptr<Backend> CreateCpuBackend(const ModelConfig& config, const Cpu& device);

}  // namespace advnative
