// Every fast kernel against a naive one in double, on shapes that fill tiles and shapes that don't.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/aligned_buffer.h"
#include "batch_maker.h"
#include "cpu/layers/packing.h"

namespace advnative {

using testing::Kernels;
using testing::RandomNumbers;

namespace {

constexpr double kTolerance = std::is_same_v<Scalar, float> ? 2e-5 : 1e-12;

void CheckPackedProduct(int rows, int columns, int depth, Write write) {
  CAPTURE(rows);
  CAPTURE(columns);
  CAPTURE(depth);
  const KernelTable& kernels = Kernels();
  const std::ptrdiff_t stride = PaddedWidth(kernels, columns);
  const auto a = RandomNumbers(1, static_cast<std::size_t>(rows * depth));
  const auto b = RandomNumbers(2, static_cast<std::size_t>(depth * columns));
  AlignedBuffer<Scalar> packed(PackedSize(kernels, depth, columns));
  PackPanels(kernels, DenseMatrix(b.data(), depth, columns), packed.data());
  auto c = RandomNumbers(3, static_cast<std::size_t>(rows * stride));
  const auto before = c;
  MultiplyPacked(kernels, DenseMatrix(a.data(), rows, depth), packed.data(),
                 {c.data(), rows, columns, stride}, write);
  for (int i = 0; i < rows; ++i) {
    for (int j = 0; j < columns; ++j) {
      const auto at = static_cast<std::size_t>(i * stride + j);
      double expected = write == Write::kAdd ? static_cast<double>(before[at]) : 0.0;
      for (int k = 0; k < depth; ++k) {
        expected += static_cast<double>(a[static_cast<std::size_t>(i * depth + k)]) *
                    static_cast<double>(b[static_cast<std::size_t>(k * columns + j)]);
      }
      REQUIRE(std::abs(static_cast<double>(c[at]) - expected) <= kTolerance * (1.0 + std::sqrt(depth)));
    }
  }
}

void CheckTransposedProduct(int rows, int columns, int depth, Write write) {
  CAPTURE(rows);
  CAPTURE(columns);
  CAPTURE(depth);
  const KernelTable& kernels = Kernels();
  const std::ptrdiff_t stride = PaddedWidth(kernels, columns);
  const auto a = RandomNumbers(4, static_cast<std::size_t>(depth * rows));
  const auto b = RandomNumbers(5, static_cast<std::size_t>(depth * stride));
  auto c = RandomNumbers(6, static_cast<std::size_t>(rows * stride));
  const auto before = c;
  AlignedBuffer<Scalar> scratch(static_cast<std::size_t>(rows * depth));
  MultiplyTransposed(kernels, DenseMatrix(a.data(), depth, rows), {b.data(), depth, columns, stride},
                     {c.data(), rows, columns, stride}, scratch.data(), write);
  for (int i = 0; i < rows; ++i) {
    for (int j = 0; j < columns; ++j) {
      const auto at = static_cast<std::size_t>(i * stride + j);
      double expected = write == Write::kAdd ? static_cast<double>(before[at]) : 0.0;
      for (int k = 0; k < depth; ++k) {
        expected += static_cast<double>(a[static_cast<std::size_t>(k * rows + i)]) *
                    static_cast<double>(b[static_cast<std::size_t>(k * stride + j)]);
      }
      REQUIRE(std::abs(static_cast<double>(c[at]) - expected) <= kTolerance * (1.0 + std::sqrt(depth)));
    }
  }
}

// Two products with overlapping columns of B and sums by word, A transposed in two pieces.
void CheckSharedProducts(int rows, int vectors, int first_vector, int depth) {
  CAPTURE(rows);
  CAPTURE(vectors);
  CAPTURE(first_vector);
  CAPTURE(depth);
  constexpr int kWords = 3;
  const KernelTable& kernels = Kernels();
  const int columns = vectors * kernels.lanes;
  const int first = first_vector * kernels.lanes;
  const auto a = RandomNumbers(7, static_cast<std::size_t>(depth * rows));
  const auto b = RandomNumbers(8, static_cast<std::size_t>(depth * columns));
  std::vector<std::int32_t> words(static_cast<std::size_t>(depth));
  for (std::size_t k = 0; k < words.size(); ++k) words[k] = static_cast<std::int32_t>(k * k % kWords);
  AlignedBuffer<Scalar> tiles(static_cast<std::size_t>(rows * depth));
  for (const auto& [begin, end] : {std::pair{depth / 3, depth}, std::pair{0, depth / 3}}) {
    kernels.transpose_to_tiles(
        {rows, end - begin, a.data() + begin * rows, rows, tiles.data(), depth, begin});
  }
  auto later = RandomNumbers(9, static_cast<std::size_t>(rows * (columns - first)));
  auto early = RandomNumbers(10, static_cast<std::size_t>(rows * columns));
  auto sums = RandomNumbers(11, static_cast<std::size_t>(kWords * columns));
  const auto later_before = later, early_before = early, sums_before = sums;
  // The second product leaves the last vector of B out, and so do the sums.
  const int fewer = columns - kernels.lanes;
  const TransposedProduct products[] = {
      {rows, tiles.data(), first, columns - first, later.data(), columns - first, Write::kAdd},
      {rows, tiles.data(), 0, fewer, early.data(), columns, Write::kSet}};
  kernels.multiply_shared({depth, columns, b.data(), columns, products, 2, fewer, words.data(), sums.data()});
  const auto product = [&](int i, int j) {
    double sum = 0.0;
    for (int k = 0; k < depth; ++k) {
      sum += static_cast<double>(a[static_cast<std::size_t>(k * rows + i)]) *
             static_cast<double>(b[static_cast<std::size_t>(k * columns + j)]);
    }
    return sum;
  };
  const double tolerance = kTolerance * (1.0 + std::sqrt(depth));
  for (int i = 0; i < rows; ++i) {
    for (int j = 0; j < columns; ++j) {
      const auto at = static_cast<std::size_t>(i * columns + j);
      const double expected = j < fewer ? product(i, j) : static_cast<double>(early_before[at]);
      REQUIRE(std::abs(static_cast<double>(early[at]) - expected) <= tolerance);
      if (j < first) continue;
      const auto there = static_cast<std::size_t>(i * (columns - first) + j - first);
      REQUIRE(std::abs(static_cast<double>(later[there]) - static_cast<double>(later_before[there]) -
                       product(i, j)) <= tolerance);
    }
  }
  for (int word = 0; word < kWords; ++word) {
    for (int j = 0; j < fewer; ++j) {
      const auto at = static_cast<std::size_t>(word * fewer + j);
      double expected = static_cast<double>(sums_before[at]);
      for (int k = 0; k < depth; ++k) {
        if (words[static_cast<std::size_t>(k)] == word) {
          expected += static_cast<double>(b[static_cast<std::size_t>(k * columns + j)]);
        }
      }
      REQUIRE(std::abs(static_cast<double>(sums[at]) - expected) <= tolerance);
    }
  }
}

// Largest error in units of the last place of the result, over [low, high].
template <typename Function, typename Reference>
double LargestError(Function function, Reference reference, double low, double high) {
  constexpr std::size_t kPoints = 1 << 16;
  AlignedBuffer<Scalar> x(kPoints);
  for (std::size_t i = 0; i < kPoints; ++i) {
    x[i] =
        static_cast<Scalar>(low + (high - low) * static_cast<double>(i) / static_cast<double>(kPoints - 1));
  }
  AlignedBuffer<Scalar> y(kPoints);
  std::copy_n(x.data(), kPoints, y.data());
  function(y.data(), kPoints);
  double largest = 0.0;
  for (std::size_t i = 0; i < kPoints; ++i) {
    const long double exact = reference(static_cast<long double>(x[i]));
    const long double unit =
        static_cast<long double>(std::numeric_limits<Scalar>::epsilon()) * std::abs(exact);
    const double error =
        static_cast<double>(std::abs(static_cast<long double>(y[i]) - exact) /
                            (unit + static_cast<long double>(std::numeric_limits<Scalar>::min())));
    if (std::isnan(error)) return error;
    largest = std::max(largest, error);
  }
  return largest;
}

long double ExactSigmoid(long double x) { return 1.0L / (1.0L + std::exp(-x)); }
long double ExactTanh(long double x) { return std::tanh(x); }

}  // namespace

TEST_CASE("products with packed weights equal naive ones") {
  for (const int rows : {1, 2, 3, 5, 7, 8, 9, 16, 33}) {
    for (const int columns : {1, 7, 16, 31, 48, 50, 97, 200}) {
      for (const int depth : {1, 3, 20, 129}) {
        CheckPackedProduct(rows, columns, depth, rows % 2 == 0 ? Write::kAdd : Write::kSet);
      }
    }
  }
}

TEST_CASE("transposed products equal naive ones") {
  for (const int rows : {1, 5, 8, 20, 41}) {
    for (const int columns : {1, 16, 33, 144}) {
      for (const int depth : {1, 2, 31, 260}) {
        CheckTransposedProduct(rows, columns, depth, rows % 2 == 0 ? Write::kAdd : Write::kSet);
      }
    }
  }
}

TEST_CASE("products that share an operand, and its sums by word, equal naive ones") {
  for (const int rows : {1, 8, 21}) {
    for (const int vectors : {2, 5, 9}) {
      for (const int first : {0, 1}) {
        for (const int depth : {1, 31, 260}) CheckSharedProducts(rows, vectors, first, depth);
      }
    }
  }
}

TEST_CASE("sigmoid and tanh are within four units of the last place") {
  const KernelTable& kernels = Kernels();
  CHECK(LargestError(kernels.sigmoid, ExactSigmoid, -20.0, 20.0) < 4.0);
  CHECK(LargestError(kernels.sigmoid, ExactSigmoid, -1e-3, 1e-3) < 4.0);
  CHECK(LargestError(kernels.tanh, ExactTanh, -12.0, 12.0) < 4.0);
  CHECK(LargestError(kernels.tanh, ExactTanh, -0.4, 0.4) < 4.0);
  CHECK(LargestError(kernels.tanh, ExactTanh, -1e-6, 1e-6) < 4.0);
}

TEST_CASE("sigmoid and tanh that share a division are as accurate, whatever stands beside them") {
  const KernelTable& kernels = Kernels();
  for (const Scalar other : {Scalar(-100), Scalar(-0.3), Scalar(100)}) {
    const auto beside = [&](bool sigmoid_wanted) {
      return [&kernels, other, sigmoid_wanted](Scalar* values, std::size_t size) {
        AlignedBuffer<Scalar> others(size);
        std::fill_n(others.data(), size, other);
        kernels.sigmoid_and_tanh(sigmoid_wanted ? values : others.data(),
                                 sigmoid_wanted ? others.data() : values, size);
      };
    };
    CHECK(LargestError(beside(true), ExactSigmoid, -20.0, 20.0) < 4.0);
    CHECK(LargestError(beside(false), ExactTanh, -12.0, 12.0) < 4.0);
    CHECK(LargestError(beside(false), ExactTanh, -1e-3, 1e-3) < 4.0);
  }
}

TEST_CASE("sigmoid and tanh keep their limits and pass NaN on") {
  const KernelTable& kernels = Kernels();
  const Scalar infinity = std::numeric_limits<Scalar>::infinity();
  const Scalar largest = std::numeric_limits<Scalar>::max();
  const std::vector<Scalar> inputs{
      infinity, -infinity, largest, -largest, std::numeric_limits<Scalar>::quiet_NaN(), Scalar(0)};
  AlignedBuffer<Scalar> s(64);
  AlignedBuffer<Scalar> t(64);
  std::copy(inputs.begin(), inputs.end(), s.data());
  std::copy(inputs.begin(), inputs.end(), t.data());
  kernels.sigmoid(s.data(), 64);
  kernels.tanh(t.data(), 64);
  for (const std::size_t i : {0u, 2u}) {
    CHECK(s[i] == Scalar(1));
    CHECK(t[i] == Scalar(1));
    CHECK(s[i + 1] >= Scalar(0));
    CHECK(s[i + 1] < Scalar(2e-19));
    CHECK(t[i + 1] == Scalar(-1));
  }
  CHECK(std::isnan(s[4]));
  CHECK(std::isnan(t[4]));
  CHECK(s[5] == Scalar(0.5));
  CHECK(t[5] == Scalar(0));
}

TEST_CASE("the sign step has sign(0) = 0") {
  const std::vector<Scalar> gradient{Scalar(3), Scalar(-1e-20), Scalar(0), Scalar(-0.0), Scalar(1e-20)};
  std::vector<Scalar> perturbation(gradient.size(), Scalar(9));
  Kernels().sign_step(gradient.data(), Scalar(0.25), perturbation.data(), gradient.size());
  CHECK(perturbation == std::vector<Scalar>{Scalar(0.25), Scalar(-0.25), Scalar(0), Scalar(0), Scalar(0.25)});
}

TEST_CASE("sums and sums of squares equal naive ones and show NaN and infinity") {
  for (const std::size_t size : {0u, 1u, 7u, 8u, 100u, 1003u}) {
    auto values = RandomNumbers(9, size);
    double expected = 0.0;
    for (const Scalar value : values) expected += static_cast<double>(value) * static_cast<double>(value);
    double expected_sum = 0.0;
    for (const Scalar value : values) expected_sum += static_cast<double>(value);
    CHECK(std::abs(Kernels().sum(values.data(), size) - expected_sum) <= 1e-12 * (1.0 + expected));
    CHECK(std::abs(Kernels().sum_of_squares(values.data(), size) - expected) <= 1e-12 * (1.0 + expected));
    if (size == 0) continue;
    values.back() = std::numeric_limits<Scalar>::quiet_NaN();
    CHECK(std::isnan(Kernels().sum_of_squares(values.data(), size)));
    values.back() = std::numeric_limits<Scalar>::infinity();
    CHECK(std::isinf(Kernels().sum_of_squares(values.data(), size)));
  }
}

}  // namespace advnative
