#include "bench/ceilings.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "batch_maker.h"

namespace advnative {

using testing::Kernels;
using testing::RandomNumbers;

TEST_CASE("the chains of multiply-adds compute what they count") {
  const KernelTable& kernels = Kernels();
  // Twelve chains a lane from 0 … 11: x ← x/2 + 1 three times gives x/8 + 7/4.
  const int chains = kernels.multiply_add_flop / (2 * kernels.lanes);
  double expected = 0;
  for (int i = 0; i < chains; ++i) expected += kernels.lanes * (i / 8.0 + 1.75);
  CHECK(static_cast<double>(kernels.multiply_add(3, Scalar(0.5), Scalar(1))) == expected);
}

TEST_CASE("the triad equals a naive one") {
  const auto b = RandomNumbers(1, 101);
  const auto c = RandomNumbers(2, 101);
  std::vector<Scalar> a(102, Scalar(9));
  Kernels().triad(b.data(), c.data(), Scalar(0.5), a.data(), 101);
  for (std::size_t i = 0; i < 101; ++i)
    CHECK(a[i] == doctest::Approx(b[i] + Scalar(0.5) * c[i]).epsilon(1e-6));
  CHECK(a[101] == Scalar(9));
}

TEST_SUITE("threads") {
  TEST_CASE("ceilings are rates above 0 for one thread and for more") {
    for (const int threads : {1, 3}) {
      const Ceilings ceilings = MeasureCeilings(ChooseInstructionSet(), threads, 5, Cancellation{});
      CHECK(ceilings.gflops > 0.1);
      CHECK(ceilings.gflops < 1e5);
      CHECK(ceilings.gigabytes_per_second > 0.01);
      CHECK(ceilings.gigabytes_per_second < 1e5);
    }
  }
}

TEST_CASE("ceilings refuse what is no number of threads or milliseconds") {
  CHECK_THROWS_AS(MeasureCeilings(ChooseInstructionSet(), 0, 5, Cancellation{}), Error);
  CHECK_THROWS_AS(MeasureCeilings(ChooseInstructionSet(), 257, 5, Cancellation{}), Error);
  CHECK_THROWS_AS(MeasureCeilings(ChooseInstructionSet(), 1, 0, Cancellation{}), Error);
  CHECK_THROWS_AS(MeasureCeilings(ChooseInstructionSet(), 1, 10001, Cancellation{}), Error);
}

}  // namespace advnative
