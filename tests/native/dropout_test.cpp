#include "model/dropout.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

namespace advnative {

TEST_CASE("a mask keeps the asked share, scales what it keeps and leaves padding zero") {
  const Philox random(5, RandomStream::kEmbeddingDropout, 9);
  constexpr std::ptrdiff_t kRows = 2000;
  constexpr std::ptrdiff_t kColumns = 21;
  constexpr std::ptrdiff_t kStride = 32;
  for (const double keep : {0.5, 0.9}) {
    std::vector<Scalar> mask(kRows * kStride, Scalar(7));
    FillDropoutMask(random, keep, {mask.data(), kRows, kColumns, kStride}, Cancellation{});
    double kept = 0.0;
    for (std::ptrdiff_t row = 0; row < kRows; ++row) {
      for (std::ptrdiff_t j = 0; j < kStride; ++j) {
        const Scalar value = mask[static_cast<std::size_t>(row * kStride + j)];
        if (j >= kColumns) REQUIRE(value == Scalar(0));
        if (value == Scalar(0)) continue;
        REQUIRE(value == static_cast<Scalar>(1.0 / keep));
        kept += 1.0;
      }
    }
    CHECK(std::abs(kept / (kRows * kColumns) - keep) < 0.01);
  }
}

TEST_CASE("a mask does not depend on the width of the padding") {
  const Philox random(5, RandomStream::kEmbeddingDropout, 9);
  std::vector<Scalar> narrow(10 * 8);
  std::vector<Scalar> wide(10 * 16);
  FillDropoutMask(random, 0.5, {narrow.data(), 10, 7, 8}, Cancellation{});
  FillDropoutMask(random, 0.5, {wide.data(), 10, 7, 16}, Cancellation{});
  for (std::size_t row = 0; row < 10; ++row) {
    for (std::size_t j = 0; j < 7; ++j) CHECK(narrow[row * 8 + j] == wide[row * 16 + j]);
  }
}

TEST_CASE("tokens are replaced at the asked rate, and others in the next step") {
  std::vector<std::int32_t> first(20000, 5);
  std::vector<std::int32_t> second = first;
  ReplaceByUnknown(Philox(1, RandomStream::kUnknownReplacement, 1), 0.1, 0, first);
  ReplaceByUnknown(Philox(1, RandomStream::kUnknownReplacement, 2), 0.1, 0, second);
  const auto replaced = std::count(first.begin(), first.end(), 0);
  CHECK(std::abs(static_cast<double>(replaced) / 20000.0 - 0.1) < 0.01);
  CHECK(replaced + std::count(first.begin(), first.end(), 5) == 20000);
  CHECK(first != second);
}

}  // namespace advnative
