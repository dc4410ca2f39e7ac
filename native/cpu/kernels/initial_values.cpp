// Compiled once for each instruction set, like kernels.cpp, but without fused multiply-adds.
#include "cpu/kernels/initial_values.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

namespace {

// Blocks of random numbers computed side by side: enough for the widest vectors, and for several of them to
// hide each other's latency.
constexpr int kBlocks = 32;

ADVNATIVE_INLINE std::uint64_t SwapHalves(std::uint64_t value) { return value << 32 | value >> 32; }

// Philox4x32-10 as base/philox.h defines it, for counters first … first + kBlocks − 1: two words of each
// block in either array, the first of them in the low half.
ADVNATIVE_INLINE void MakeBlocks(const std::uint32_t (&key)[2], const std::uint32_t (&high)[2],
                                 std::uint64_t first, std::uint64_t (&x01)[kBlocks],
                                 std::uint64_t (&x23)[kBlocks]) {
  for (int b = 0; b < kBlocks; ++b) {
    x01[b] = first + static_cast<std::uint64_t>(b);
    x23[b] = high[0] | std::uint64_t{high[1]} << 32;
  }
  std::uint32_t key0 = key[0];
  std::uint32_t key1 = key[1];
  for (int round = 0; round < 10; ++round) {
    for (int b = 0; b < kBlocks; ++b) {
      const std::uint64_t product0 = (x01[b] & 0xFFFFFFFFu) * 0xD2511F53u;
      const std::uint64_t product1 = (x23[b] & 0xFFFFFFFFu) * 0xCD9E8D57u;
      x01[b] = SwapHalves(product1) ^ x01[b] >> 32 ^ key0;
      x23[b] = SwapHalves(product0) ^ x23[b] >> 32 ^ key1;
    }
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
}

// (2·u − 1)·range of u = word·2⁻³². As a signed number, word − 2³¹ converts with one instruction everywhere,
// and everything before the last product is exact.
ADVNATIVE_INLINE double Spread(std::uint32_t word, double range) {
  return static_cast<double>(static_cast<std::int32_t>(word ^ 0x80000000u)) * 0x1p-31 * range;
}

}  // namespace

void FillUniform(const UniformFill& fill) {
  Scalar* to = fill.to;
  std::uint64_t block = fill.first_block;
  for (std::size_t left = fill.size; left > 0; block += kBlocks) {
    std::uint64_t x01[kBlocks];
    std::uint64_t x23[kBlocks];
    MakeBlocks(fill.key, fill.high, block, x01, x23);
    std::uint32_t words[4 * kBlocks];
    for (int b = 0; b < kBlocks; ++b) {
      words[4 * b] = static_cast<std::uint32_t>(x01[b]);
      words[4 * b + 1] = static_cast<std::uint32_t>(x01[b] >> 32);
      words[4 * b + 2] = static_cast<std::uint32_t>(x23[b]);
      words[4 * b + 3] = static_cast<std::uint32_t>(x23[b] >> 32);
    }
    Scalar numbers[4 * kBlocks];
    for (int i = 0; i < 4 * kBlocks; ++i) numbers[i] = static_cast<Scalar>(Spread(words[i], fill.range));
    const std::size_t count = left < 4 * kBlocks ? left : 4 * kBlocks;
    __builtin_memcpy(to, numbers, count * sizeof(Scalar));
    to += count;
    left -= count;
  }
}

namespace {

// Four numbers of a row as vectors, one of each of the four interleaved sums.
constexpr int kDoubleLanes = static_cast<int>(ADVNATIVE_VECTOR_BYTES / sizeof(double));
constexpr int kWidth = kDoubleLanes < 4 ? kDoubleLanes : 4;
constexpr int kParts = 4 / kWidth;
typedef double Part __attribute__((vector_size(kWidth * sizeof(double))));

struct Four {
  Part parts[kParts];
};

ADVNATIVE_INLINE Four LoadFour(const double* from) {
  Four four;
#pragma GCC unroll 2
  for (int p = 0; p < kParts; ++p) __builtin_memcpy(&four.parts[p], from + p * kWidth, sizeof(Part));
  return four;
}

ADVNATIVE_INLINE void StoreFour(double* to, const Four& four) {
#pragma GCC unroll 2
  for (int p = 0; p < kParts; ++p) __builtin_memcpy(to + p * kWidth, &four.parts[p], sizeof(Part));
}

// Rows that are worked on at once, which hide each other's latency.
template <int Count>
using Rows = double* const (&)[Count];

// A product in four interleaved sums, lane by lane, so that vectors take them without reordering anything;
// what is left over of four goes to the first.
class DotProduct {
 public:
  ADVNATIVE_INLINE void Add(const Four& a, const Four& b) {
#pragma GCC unroll 2
    for (int p = 0; p < kParts; ++p) sums_.parts[p] += a.parts[p] * b.parts[p];
  }

  ADVNATIVE_INLINE double Finish(const double* a, const double* b, int left) const {
    double sums[4];
    StoreFour(sums, sums_);
    for (int k = 0; k < left; ++k) sums[0] += a[k] * b[k];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }

 private:
  Four sums_{};
};

template <int Count>
ADVNATIVE_INLINE void Dot(int size, Rows<Count> rows, const double* other, double (&dots)[Count]) {
  DotProduct products[Count];
  int k = 0;
  for (; k + 4 <= size; k += 4) {
#pragma GCC unroll 2
    for (int i = 0; i < Count; ++i) products[i].Add(LoadFour(rows[i] + k), LoadFour(other + k));
  }
  for (int i = 0; i < Count; ++i) dots[i] = products[i].Finish(rows[i] + k, other + k, size - k);
}

// Takes dots·other from each row; `dots` become the products with `next`, taken while the numbers are at
// hand.
template <int Count, bool kNext>
ADVNATIVE_INLINE void Project(int size, Rows<Count> rows, const double* other, const double* next,
                              double (&dots)[Count]) {
  Part scale[Count];
  for (int i = 0; i < Count; ++i) scale[i] = dots[i] - Part{};
  DotProduct products[Count];
  int k = 0;
  for (; k + 4 <= size; k += 4) {
    const Four b = LoadFour(other + k);
#pragma GCC unroll 2
    for (int i = 0; i < Count; ++i) {
      Four a = LoadFour(rows[i] + k);
#pragma GCC unroll 2
      for (int p = 0; p < kParts; ++p) a.parts[p] -= scale[i] * b.parts[p];
      StoreFour(rows[i] + k, a);
      if constexpr (kNext) products[i].Add(a, LoadFour(next + k));
    }
  }
  for (int i = 0; i < Count; ++i) {
    for (int rest = k; rest < size; ++rest) rows[i][rest] -= dots[i] * other[rest];
    if constexpr (kNext) dots[i] = products[i].Finish(rows[i] + k, next + k, size - k);
  }
}

// Projects the first `count` rows of a matrix, one after another, out of each of `rows`.
template <int Count>
ADVNATIVE_INLINE void ProjectAll(int size, const double* matrix, int count, Rows<Count> rows) {
  if (count == 0) return;
  double dots[Count];
  Dot<Count>(size, rows, matrix, dots);
  const double* other = matrix;
  for (int j = 1; j < count; ++j, other += size) {
    Project<Count, true>(size, rows, other, other + size, dots);
  }
  Project<Count, false>(size, rows, other, nullptr, dots);
}

ADVNATIVE_INLINE void Normalize(int size, double* row) {
  double squares[1];
  Dot<1>(size, {row}, row, squares);
  const double norm = __builtin_sqrt(squares[0]);
  for (int k = 0; k < size; ++k) row[k] /= norm;
}

}  // namespace

// Gram-Schmidt, each row twice, which is orthogonal to rounding ("twice is enough", Giraud et al. 2005). The
// second time of a row and the first time of the next one take the same finished rows: together, each hides
// what the other's sums wait for, and the rows are fetched once for both. More is not to be had without other
// bits: the second time of a row waits for all its sums, and the next row waits for it.
void OrthogonalizeRow(int size, int row, double* matrix) {
  double* const current = matrix + static_cast<std::ptrdiff_t>(row) * size;
  if (row == 0) Normalize(size, current);
  if (row + 1 == size) {
    ProjectAll<1>(size, matrix, row, {current});
    Normalize(size, current);
    return;
  }
  double* const next = current + size;
  ProjectAll<2>(size, matrix, row, {current, next});
  Normalize(size, current);
  double dots[1];
  Dot<1>(size, {next}, current, dots);
  Project<1, false>(size, {next}, current, nullptr, dots);
  Normalize(size, next);
}

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE
