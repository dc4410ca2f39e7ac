// Where a model computes.
#pragma once

#include <variant>

namespace advnative {

// Declared only: see base/instruction_set.h.
enum class InstructionSet : int;

// The processor, with the kernels of one instruction set.
struct Cpu {
  int threads;  // of the model's own, at least 1; results are the same bits for any number
  InstructionSet instruction_set;
};

// One of NVIDIA's devices, numbered from 0 as the CUDA runtime does.
struct Cuda {
  int index;
};

using Device = std::variant<Cpu, Cuda>;

}  // namespace advnative
