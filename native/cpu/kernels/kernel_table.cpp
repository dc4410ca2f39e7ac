#include "cpu/kernels/kernel_table.h"

#include "base/error.h"
#include "base/instruction_set.h"

namespace advnative {

namespace portable {
const KernelTable& Kernels();
}
#if defined(ADVNATIVE_X86_KERNELS)
namespace avx2 {
const KernelTable& Kernels();
}
namespace avx512 {
const KernelTable& Kernels();
}
#endif

const KernelTable& KernelsFor(InstructionSet set) {
#if defined(ADVNATIVE_X86_KERNELS)
  if (set == InstructionSet::kAvx512) return avx512::Kernels();
  if (set == InstructionSet::kAvx2) return avx2::Kernels();
#endif
  if (set == InstructionSet::kPortable) return portable::Kernels();
  throw Error(ErrorCode::kUnsupported,
              std::string("this build has no kernels for ") + InstructionSetName(set));
}

}  // namespace advnative
