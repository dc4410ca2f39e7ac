#include "base/philox.h"

#include <doctest/doctest.h>

#include <cmath>

namespace advnative {

// The known answer of Random123's kat_vectors for Philox4x32-10, counter and key all zero.
TEST_CASE("Philox gives the published answer for zero counter and key") {
  const Philox random(0, RandomStream::kInitialization, 0);
  const auto words = random.Block(0);
  CHECK(words[0] == 0x6627e8d5u);
  CHECK(words[1] == 0xe169c58du);
  CHECK(words[2] == 0xbc57ac4cu);
  CHECK(words[3] == 0x9b00dbd8u);
}

TEST_CASE("uniform numbers have the mean and variance of the uniform distribution") {
  const Philox random(7, RandomStream::kHiddenDropout, 3);
  double sum = 0.0;
  double squares = 0.0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    const double u = random.Uniform(static_cast<std::uint64_t>(i));
    REQUIRE(u >= 0.0);
    REQUIRE(u < 1.0);
    sum += u;
    squares += u * u;
  }
  const double mean = sum / kDraws;
  CHECK(std::abs(mean - 0.5) < 0.004);
  CHECK(std::abs(squares / kDraws - mean * mean - 1.0 / 12.0) < 0.002);
}

TEST_CASE("streams, steps and seeds give different numbers") {
  const double base = Philox(1, RandomStream::kHiddenDropout, 1).Uniform(0);
  CHECK(base != Philox(2, RandomStream::kHiddenDropout, 1).Uniform(0));
  CHECK(base != Philox(1, RandomStream::kEmbeddingDropout, 1).Uniform(0));
  CHECK(base != Philox(1, RandomStream::kHiddenDropout, 2).Uniform(0));
  CHECK(base != Philox(1ull << 40 | 1, RandomStream::kHiddenDropout, 1).Uniform(0));
}

}  // namespace advnative
