#include "cpu/kernels/kernel_table.h"

#include "base/error.h"
#include "base/instruction_set.h"

namespace advnative {

namespace portable {
template <typename Scalar>
const KernelTable<Scalar>& Kernels();
}
#if defined(ADVNATIVE_X86_KERNELS)
namespace avx2 {
template <typename Scalar>
const KernelTable<Scalar>& Kernels();
}
namespace avx512 {
template <typename Scalar>
const KernelTable<Scalar>& Kernels();
}
#endif

template <typename Scalar>
const KernelTable<Scalar>& KernelsFor(InstructionSet set) {
#if defined(ADVNATIVE_X86_KERNELS)
  if (set == InstructionSet::kAvx512) return avx512::Kernels<Scalar>();
  if (set == InstructionSet::kAvx2) return avx2::Kernels<Scalar>();
#endif
  if (set == InstructionSet::kPortable) return portable::Kernels<Scalar>();
  throw Error(ErrorCode::kUnsupported,
              std::string("this build has no kernels for ") + InstructionSetName(set));
}

template const KernelTable<float>& KernelsFor<float>(InstructionSet set);
template const KernelTable<double>& KernelsFor<double>(InstructionSet set);

}  // namespace advnative
