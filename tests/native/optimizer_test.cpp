#include "cpu/optimizer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "batch_maker.h"

namespace advnative {

namespace {

// One tensor that is all of the parameters.
std::vector<TensorInfo> OneTensor(std::size_t size) {
  return {{"weights", {static_cast<std::int64_t>(size)}, 0, size}};
}

const TouchedRows kNoRows(0, 0, 0);

StepOptions UpdateOptions(double clip_norm, double weight_decay = 0.0) {
  StepOptions options = testing::VanillaOptions();
  options.clip_norm = clip_norm;
  options.weight_decay = weight_decay;
  return options;
}

}  // namespace

TEST_CASE("Adam equals a naive one over several steps, with clipping") {
  const double tolerance = std::is_same_v<Scalar, float> ? 1e-6 : 1e-13;
  constexpr std::size_t kSize = 70001;  // several chunks and a rest
  ThreadPool pool(2);
  const auto tensors = OneTensor(kSize);
  Optimizer optimizer(testing::Kernels(), pool, tensors);
  auto parameters = testing::RandomNumbers(1, kSize);
  std::vector<double> expected(parameters.begin(), parameters.end());
  std::vector<double> m(kSize), v(kSize);
  for (std::uint64_t step = 1; step <= 4; ++step) {
    const auto gradient = testing::RandomNumbers(10 + step, kSize);
    const double norm = std::sqrt(optimizer.SumOfSquares(gradient.data(), GradientSupport(kSize), kNoRows));
    double squares = 0.0;
    for (const Scalar g : gradient) squares += static_cast<double>(g) * static_cast<double>(g);
    CHECK(std::abs(norm - std::sqrt(squares)) < 1e-9 * norm);
    const double clip = step % 2 == 0 ? 5.0 : 0.0;
    optimizer.Update(MakeAdamStep(step, UpdateOptions(clip), norm), gradient.data(), GradientSupport(kSize),
                     parameters.data(), [](std::size_t, std::size_t) {});
    if (step == 1) {
      // Before rounding accumulates, the moments are exact to a few units of the last place.
      for (std::size_t i = 0; i < kSize; ++i) {
        const double g = static_cast<double>(gradient[i]);
        REQUIRE(testing::RelativeError(optimizer.first_moment()[i], 0.1 * g, 1e-30) <= tolerance);
        REQUIRE(testing::RelativeError(optimizer.second_moment()[i], 0.001 * g * g, 1e-30) <= tolerance);
      }
    }
    const double scale = clip > 0.0 ? clip / norm : 1.0;
    const double t = static_cast<double>(step);
    for (std::size_t i = 0; i < kSize; ++i) {
      const double g = static_cast<double>(gradient[i]) * scale;
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.999 * v[i] + 0.001 * g * g;
      expected[i] -=
          0.01 * (m[i] / (1 - std::pow(0.9, t))) / (std::sqrt(v[i] / (1 - std::pow(0.999, t))) + 1e-8);
    }
  }
  for (std::size_t i = 0; i < kSize; ++i) {
    REQUIRE(std::abs(static_cast<double>(parameters[i]) - expected[i]) <= tolerance * 4);
  }
}

// torch.optim.AdamW (Loshchilov and Hutter 2019), in double:
//   θ ← θ − γ·λ·θ   θ ← θ − γ·m̂ / (√v̂ + ε)   m̂ = m / (1 − β1ᵗ)   v̂ = v / (1 − β2ᵗ)
// with λ = 0 for biases.
TEST_CASE("weight decay equals AdamW's, for matrices alone, rows without a gradient included") {
  const double tolerance = std::is_same_v<Scalar, float> ? 1e-6 : 1e-13;
  constexpr std::size_t kRows = 9000, kWidth = 5, kTable = kRows * kWidth, kSize = kTable + 77 + 600;
  constexpr double kRate = 0.01, kDecay = 3.0, kClip = 5.0;
  ThreadPool pool(2);
  const std::vector<TensorInfo> tensors{{"table", {kRows, kWidth}, 0, kTable},
                                        {"bias", {77}, kTable, 77},
                                        {"weights", {30, 20}, kTable + 77, 600}};
  Optimizer optimizer(testing::Kernels(), pool, tensors);
  auto parameters = testing::RandomNumbers(1, kSize);
  std::vector<double> expected(parameters.begin(), parameters.end());
  std::vector<double> m(kSize), v(kSize);
  for (std::uint64_t step = 1; step <= 4; ++step) {
    const std::vector<std::int32_t> words{0, 7, 8, 6600, static_cast<std::int32_t>(kRows) - 1};
    const GradientSupport support({words, 0, kRows, kWidth}, kSize);
    auto gradient = testing::RandomNumbers(10 + step, kSize);
    support.ForEachPart(0, kSize, [&](std::size_t at, std::size_t count, bool inside) {
      if (!inside) std::fill_n(gradient.begin() + static_cast<std::ptrdiff_t>(at), count, Scalar(0));
    });
    const double norm = std::sqrt(optimizer.SumOfSquares(gradient.data(), support, kNoRows));
    REQUIRE(norm > kClip);
    optimizer.Update(MakeAdamStep(step, UpdateOptions(kClip, kDecay), norm), gradient.data(), support,
                     parameters.data(), [](std::size_t, std::size_t) {});
    const double t = static_cast<double>(step);
    for (std::size_t i = 0; i < kSize; ++i) {
      const double g = static_cast<double>(gradient[i]) * kClip / norm;
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.999 * v[i] + 0.001 * g * g;
      const bool bias = i >= kTable && i < kTable + 77;
      expected[i] -= kRate * (bias ? 0.0 : kDecay) * expected[i];
      expected[i] -=
          kRate * (m[i] / (1 - std::pow(0.9, t))) / (std::sqrt(v[i] / (1 - std::pow(0.999, t))) + 1e-8);
    }
  }
  for (std::size_t i = 0; i < kSize; ++i) {
    REQUIRE(std::abs(static_cast<double>(parameters[i]) - expected[i]) <= tolerance * 4);
  }
}

TEST_CASE("the support of a table is its rows that are read and all around it") {
  const std::vector<std::int32_t> read{4, 0, 3, 4};
  // Before, 6 rows of 2, behind.
  const GradientSupport support({read, 3, 6, 2}, 20);
  std::vector<bool> inside(20);
  support.ForEachPart(0, 20, [&inside](std::size_t at, std::size_t count, bool in) {
    std::fill_n(inside.begin() + static_cast<std::ptrdiff_t>(at), count, in);
  });
  for (std::size_t at = 0; at < 20; ++at) {
    CAPTURE(at);
    CHECK(inside[at] == !((at >= 5 && at < 9) || (at >= 13 && at < 15)));
  }
}

TEST_CASE("outside its support a gradient counts as zero, bit for bit, and is not read") {
  constexpr std::size_t kRows = 9000, kWidth = 5, kSize = kRows * kWidth + 77;
  ThreadPool pool(2);
  const auto tensors = OneTensor(kSize);
  Optimizer dense(testing::Kernels(), pool, tensors);
  Optimizer sparse(testing::Kernels(), pool, tensors);
  auto parameters = testing::RandomNumbers(1, kSize);
  auto others = parameters;
  for (std::uint64_t step = 1; step <= 3; ++step) {
    // The first words, neighbours, the last one, and one that only the first step has.
    std::vector<std::int32_t> words{0, 7, 8, 6600, static_cast<std::int32_t>(kRows) - 1, 7};
    if (step == 1) words.push_back(4321);
    const GradientSupport support({words, 0, kRows, kWidth}, kSize);
    auto gradient = testing::RandomNumbers(10 + step, kSize);
    auto unread = gradient;
    std::size_t inside_count = 0;
    support.ForEachPart(0, kSize, [&](std::size_t at, std::size_t count, bool inside) {
      inside_count += inside ? count : 0;
      if (inside) return;
      std::fill_n(gradient.begin() + static_cast<std::ptrdiff_t>(at), count, Scalar(0));
      std::fill_n(unread.begin() + static_cast<std::ptrdiff_t>(at), count,
                  std::numeric_limits<Scalar>::quiet_NaN());
    });
    CHECK(inside_count == (step == 1 ? 6 : 5) * kWidth + 77);
    const double norm = std::sqrt(dense.SumOfSquares(gradient.data(), GradientSupport(kSize), kNoRows));
    CHECK(std::abs(std::sqrt(sparse.SumOfSquares(unread.data(), support, kNoRows)) - norm) < 1e-12 * norm);
    const auto nothing = [](std::size_t, std::size_t) {};
    const AdamStep adam = MakeAdamStep(step, UpdateOptions(1.0), norm);
    dense.Update(adam, gradient.data(), GradientSupport(kSize), parameters.data(), nothing);
    sparse.Update(adam, unread.data(), support, others.data(), nothing);
  }
  CHECK(parameters == others);
  CHECK(std::equal(dense.second_moment().data(), dense.second_moment().data() + kSize,
                   sparse.second_moment().data()));
}

TEST_CASE("the rows that are touched are those that are read, each once, in rising order") {
  TouchedRows touched(7, 200, 3);
  ThreadPool pool(2);
  const auto found = [&](const std::vector<std::int32_t>& read) {
    touched.Find(read);
    std::vector<std::vector<std::int32_t>> blocks(touched.Blocks());
    touched.ForEachBlock(pool, [&](std::size_t block, std::span<const std::int32_t> rows) {
      blocks[block].assign(rows.begin(), rows.end());
    });
    std::vector<std::int32_t> all;
    for (const auto& block : blocks) all.insert(all.end(), block.begin(), block.end());
    return all;
  };
  CHECK(found({5, 199, 5, 0, 64, 199, 63}) == std::vector<std::int32_t>{0, 5, 63, 64, 199});
  CHECK(found({64, 5}) == std::vector<std::int32_t>{5, 64});
  CHECK(found({}).empty());
  std::vector<std::int32_t> every(200);
  std::iota(every.begin(), every.end(), 0);
  CHECK(found(every) == every);
  CHECK(touched.Place(2) == 13);
}

// torch.optim.SparseAdam with a learning rate of its own, in double: what a row has is looked at and written
// where it has a gradient alone, with the bias corrections of the step's number. It decays by that of all.
TEST_CASE("rows that are touched equal a naive sparse Adam, and the others keep every bit") {
  const double tolerance = std::is_same_v<Scalar, float> ? 1e-6 : 1e-13;
  constexpr std::size_t kDense = 77, kRows = 700, kWidth = 261, kSize = kDense + kRows * kWidth;
  constexpr double kRate = 0.01, kDecay = 3.0, kClip = 5.0;
  ThreadPool pool(2);
  const std::vector<TensorInfo> tensors{
      {"bias", {kDense}, 0, kDense},
      {"ngrams", {kRows, kWidth}, kDense, kRows * kWidth, TensorRole::kSubwords}};
  Optimizer optimizer(testing::Kernels(), pool, tensors);
  auto parameters = testing::RandomNumbers(1, kSize);
  const auto initial = parameters;
  std::vector<double> expected(parameters.begin(), parameters.end());
  std::vector<double> m(kSize), v(kSize);
  TouchedRows rows(kDense, kRows, kWidth);
  std::vector<bool> ever(kSize);
  const GradientSupport support(kDense);
  for (std::uint64_t step = 1; step <= 6; ++step) {
    // Some rows in each step, some in one, of several blocks and of one.
    std::vector<std::int32_t> read{0, 7, 7, static_cast<std::int32_t>(kRows) - 1};
    for (std::int32_t row = 20; row < 600; ++row) {
      if (step == 2 || step == 5 || (row % 7 == static_cast<std::int32_t>(step))) read.push_back(row);
    }
    rows.Find(read);
    std::vector<bool> touched(kSize);
    std::fill_n(touched.begin(), kDense, true);
    for (const std::int32_t row : read) {
      std::fill_n(touched.begin() + static_cast<std::ptrdiff_t>(rows.Place(row)), kWidth, true);
    }
    auto gradient = testing::RandomNumbers(10 + step, kSize);
    double squares = 0.0;
    for (std::size_t i = 0; i < kSize; ++i) {
      ever[i] = ever[i] || touched[i];
      if (touched[i]) squares += static_cast<double>(gradient[i]) * static_cast<double>(gradient[i]);
      // Of the others nothing is read.
      if (!touched[i]) gradient[i] = std::numeric_limits<Scalar>::quiet_NaN();
    }
    const double norm = std::sqrt(optimizer.SumOfSquares(gradient.data(), support, rows));
    REQUIRE(std::abs(norm - std::sqrt(squares)) < 1e-9 * norm);
    const AdamStep adam = MakeAdamStep(step, UpdateOptions(kClip, kDecay), norm);
    const auto former = parameters;
    optimizer.Update(adam, gradient.data(), support, parameters.data(), [](std::size_t, std::size_t) {});
    optimizer.UpdateRows(adam, gradient.data(), rows, parameters.data(),
                         {.visit = [&](std::size_t begin, std::span<const Scalar> before) {
                           REQUIRE(std::equal(before.begin(), before.end(),
                                              former.begin() + static_cast<std::ptrdiff_t>(begin)));
                         }});
    const double t = static_cast<double>(step);
    for (std::size_t i = 0; i < kSize; ++i) {
      if (!touched[i]) continue;
      const double g = static_cast<double>(gradient[i]) * kClip / norm;
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.999 * v[i] + 0.001 * g * g;
      const bool bias = i < kDense;
      expected[i] -= kRate * (bias ? 0.0 : kDecay) * expected[i];
      expected[i] -= (bias ? 1.0 : kTouchedRowRate) * kRate * (m[i] / (1 - std::pow(0.9, t))) /
                     (std::sqrt(v[i] / (1 - std::pow(0.999, t))) + 1e-8);
    }
  }
  for (std::size_t i = 0; i < kSize; ++i) {
    REQUIRE(std::abs(static_cast<double>(parameters[i]) - expected[i]) <= tolerance * 4);
    if (ever[i]) continue;
    REQUIRE(parameters[i] == initial[i]);
    REQUIRE(optimizer.first_moment()[i] == Scalar(0));
    REQUIRE(optimizer.second_moment()[i] == Scalar(0));
  }
  REQUIRE(std::count(ever.begin(), ever.end(), false) > 100);
}

TEST_CASE("a gradient whose square would overflow is refused") {
  const double norm = 1e6 * std::sqrt(static_cast<double>(std::numeric_limits<Scalar>::max()));
  CHECK_THROWS_AS(MakeAdamStep(1, UpdateOptions(0.0), norm), Error);
  CHECK(MakeAdamStep(1, UpdateOptions(5.0), norm).gradient_scale * norm == doctest::Approx(5.0));
  // But not by a factor that is 0 to the device.
  const double least = static_cast<double>(std::numeric_limits<Scalar>::min());
  CHECK_THROWS_AS(MakeAdamStep(1, UpdateOptions(least * norm / 4.0), norm), Error);
}

}  // namespace advnative
