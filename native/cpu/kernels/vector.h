// Vectors of the instruction set that this translation unit is compiled for, by the compiler's vector
// extension (GCC, Clang). Everything here lives in that set's own namespace, so that no inline function of
// one set can be linked into another.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/scalar.h"

#if !defined(ADVNATIVE_KERNEL_NAMESPACE) || !defined(ADVNATIVE_VECTOR_BYTES)
#error "compile kernels.cpp through CMake, which names the instruction set"
#endif

#define ADVNATIVE_INLINE inline __attribute__((always_inline))

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

typedef Scalar Vector __attribute__((vector_size(ADVNATIVE_VECTOR_BYTES)));

inline constexpr int kLanes = static_cast<int>(ADVNATIVE_VECTOR_BYTES / sizeof(Scalar));

ADVNATIVE_INLINE Vector Load(const Scalar* from) {
  Vector value;
  __builtin_memcpy(&value, from, sizeof(value));
  return value;
}

ADVNATIVE_INLINE void Store(Scalar* to, Vector value) { __builtin_memcpy(to, &value, sizeof(value)); }

ADVNATIVE_INLINE Vector Broadcast(Scalar value) { return value - Vector{}; }

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
