#include "base/instruction_set.h"

#include <cstdlib>

#include "base/error.h"

namespace advnative {

const char* InstructionSetName(InstructionSet set) {
  switch (set) {
    case InstructionSet::kAvx512:
      return "avx512";
    case InstructionSet::kAvx2:
      return "avx2";
    case InstructionSet::kPortable:
      break;
  }
  return "portable";
}

std::vector<InstructionSet> AvailableInstructionSets() {
  std::vector<InstructionSet> sets{InstructionSet::kPortable};
#if defined(ADVNATIVE_X86_KERNELS)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    sets.push_back(InstructionSet::kAvx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")) {
      sets.push_back(InstructionSet::kAvx512);
    }
  }
#endif
  return sets;
}

InstructionSet ChooseInstructionSet() {
  const std::vector<InstructionSet> available = AvailableInstructionSets();
  const char* wanted = std::getenv("ADVNATIVE_ISA");
  if (wanted == nullptr || *wanted == '\0') return available.back();
  std::string names;
  for (const InstructionSet set : available) {
    if (InstructionSetName(set) == std::string(wanted)) return set;
    names += (names.empty() ? "" : ", ") + std::string(InstructionSetName(set));
  }
  throw Error(ErrorCode::kUnsupported, "ADVNATIVE_ISA: expected one of " + names +
                                           " (what this build and machine have), got '" +
                                           std::string(wanted) + "'");
}

}  // namespace advnative
