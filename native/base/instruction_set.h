// Which vector instructions this machine has, and which the kernels use.
#pragma once

#include <string>
#include <vector>

namespace advnative {

enum class InstructionSet : int { kPortable, kAvx2, kAvx512 };

// "portable", "avx2" or "avx512".
const char* InstructionSetName(InstructionSet set);

// Those that this build contains and this machine can run, slowest first.
std::vector<InstructionSet> AvailableInstructionSets();

// The one named by the environment variable ADVNATIVE_ISA, else the fastest available. Throws kUnsupported,
// saying which names are possible here, when the variable names another.
InstructionSet ChooseInstructionSet();

}  // namespace advnative
