// What measures the machine itself: multiply-adds that never leave the registers, and the triad over memory.
#pragma once

#include "cpu/kernels/kernel_table.h"
#include "cpu/kernels/vector.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

// Enough to hide the latency of a fused multiply-add (4 cycles on two ports: 8) and, with factor and addend,
// few enough for the 16 registers of SSE2 and AVX2.
inline constexpr int kMultiplyAddChains = 12;

inline constexpr int kMultiplyAddFlop = 2 * kMultiplyAddChains * kLanes;

// Factor and addend are arguments, so that no compiler can compute the chains beforehand; their sum is
// returned, so that none can leave them out.
inline Scalar MultiplyAdd(std::size_t rounds, Scalar factor, Scalar addend) {
  const Vector factors = Broadcast(factor);
  const Vector addends = Broadcast(addend);
  Vector chains[kMultiplyAddChains];
#pragma GCC unroll 16
  for (int i = 0; i < kMultiplyAddChains; ++i) chains[i] = Broadcast(Scalar(i));
  for (std::size_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 16
    for (int i = 0; i < kMultiplyAddChains; ++i) chains[i] = chains[i] * factors + addends;
  }
  Vector sum{};
#pragma GCC unroll 16
  for (int i = 0; i < kMultiplyAddChains; ++i) sum += chains[i];
  Scalar total = 0;
  for (int lane = 0; lane < kLanes; ++lane) total += sum[lane];
  return total;
}

// The triad of McCalpin's STREAM benchmark (1995).
inline void Triad(const Scalar* b, const Scalar* c, Scalar factor, Scalar* a, std::size_t size) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < size; ++i) a[i] = b[i] + factor * c[i];
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
