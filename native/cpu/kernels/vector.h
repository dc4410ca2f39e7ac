// Vectors of the instruction set that this translation unit is compiled for, by the compiler's vector
// extension (GCC, Clang). Everything here lives in that set's own namespace, so that no inline function of
// one set can be linked into another.
#pragma once

#include <cstddef>
#include <cstdint>

#if !defined(ADVNATIVE_KERNEL_NAMESPACE) || !defined(ADVNATIVE_VECTOR_BYTES)
#error "compile kernels.cpp through CMake, which names the instruction set"
#endif

#define ADVNATIVE_INLINE inline __attribute__((always_inline))

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

template <typename Scalar>
struct VectorTraits;

template <>
struct VectorTraits<float> {
  typedef float Vector __attribute__((vector_size(ADVNATIVE_VECTOR_BYTES)));
  typedef std::uint32_t Bits __attribute__((vector_size(ADVNATIVE_VECTOR_BYTES)));
};

template <>
struct VectorTraits<double> {
  typedef double Vector __attribute__((vector_size(ADVNATIVE_VECTOR_BYTES)));
  typedef std::uint64_t Bits __attribute__((vector_size(ADVNATIVE_VECTOR_BYTES)));
};

template <typename Scalar>
using Vector = typename VectorTraits<Scalar>::Vector;

template <typename Scalar>
inline constexpr int kLanes = static_cast<int>(ADVNATIVE_VECTOR_BYTES / sizeof(Scalar));

template <typename Scalar>
ADVNATIVE_INLINE Vector<Scalar> Load(const Scalar* from) {
  Vector<Scalar> value;
  __builtin_memcpy(&value, from, sizeof(value));
  return value;
}

template <typename Scalar>
ADVNATIVE_INLINE void Store(Scalar* to, Vector<Scalar> value) {
  __builtin_memcpy(to, &value, sizeof(value));
}

template <typename Scalar>
ADVNATIVE_INLINE Vector<Scalar> Broadcast(Scalar value) {
  return value - Vector<Scalar>{};
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
