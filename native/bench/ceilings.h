// How fast this machine could be: the rates that no program on these threads and instructions exceeds.
#pragma once

#include "base/cancellation.h"
#include "base/instruction_set.h"

namespace advnative {

struct Ceilings {
  double gflops;                // 1e9 single-precision operations a second; a multiply-add counts as two
  double gigabytes_per_second;  // 1e9 bytes a second of a[i] = b[i] + s·c[i], two arrays read and one written
};

// Measures both on `threads` threads at once (1 to 256), each for `milliseconds` (1 to 10,000). The triad's
// three arrays are each as large as the last-level cache, at least 64 MiB. Throws kInvalidArgument,
// kUnsupported for an instruction set that this machine lacks, kThreads,
// kCancelled and std::bad_alloc.
Ceilings MeasureCeilings(InstructionSet set, int threads, int milliseconds, const Cancellation& cancellation);

}  // namespace advnative
