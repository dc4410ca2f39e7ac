#include <doctest/doctest.h>

#include <cmath>

#include "mlp_case.h"

namespace advnative {

using testing::Kernels;
using testing::MlpCase;
using testing::RandomNumbers;

TEST_CASE("logits equal naive ones, with and without a mask") {
  const double tolerance = std::is_same_v<Scalar, float> ? 1e-5 : 1e-13;
  for (const bool with_mask : {false, true}) {
    MlpCase head(with_mask);
    head.Forward();
    for (std::size_t b = 0; b < 3; ++b) {
      std::vector<double> hidden(9);
      for (std::size_t m = 0; m < 9; ++m) {
        double sum = static_cast<double>(head.b1[m]);
        for (std::size_t s = 0; s < 6; ++s) {
          sum += static_cast<double>(head.w1[m * 6 + s]) *
                 static_cast<double>(head.states[b * static_cast<std::size_t>(head.mlp.state_stride()) + s]);
        }
        const double kept = with_mask ? ((b * 9 + m) % 3 == 0 ? 0.0 : 2.0) : 1.0;
        hidden[m] = std::max(0.0, sum) * kept;
      }
      for (std::size_t c = 0; c < 4; ++c) {
        double expected = static_cast<double>(head.b2[c]);
        for (std::size_t m = 0; m < 9; ++m) expected += static_cast<double>(head.w2[c * 9 + m]) * hidden[m];
        const Scalar logit = head.mlp.logits().Row(static_cast<std::ptrdiff_t>(b))[c];
        REQUIRE(std::abs(static_cast<double>(logit) - expected) <= tolerance);
      }
    }
  }
}

// Several blocks of rows and of inputs, against the same products in one piece each.
TEST_CASE("a head larger than a block of its products gives the same bits a text at a time") {
  constexpr MlpShape kLarge{40, 3500, 130};
  constexpr int kTexts = 300;
  ThreadPool pool(2);
  const auto& kernels = Kernels();
  const auto w1 = RandomNumbers(1, 3500 * 40);
  const auto b1 = RandomNumbers(2, 3500);
  const auto w2 = RandomNumbers(3, 130 * 3500);
  const auto b2 = RandomNumbers(4, 130);
  Mlp whole(kernels, pool, kLarge);
  Mlp single(kernels, pool, kLarge);
  const auto states = MlpCase::Padded(RandomNumbers(5, kTexts * 40), 40, whole.state_stride());
  for (Mlp* head : {&whole, &single}) {
    head->Pack({w1.data(), b1.data(), w2.data(), b2.data()}, Cancellation{});
    head->Begin(head == &whole ? kTexts : 1, PassKind::kTraining);
  }
  const ConstMatrix rows = MlpCase::View(states.data(), kTexts, 40, whole.state_stride());
  whole.Forward(rows, std::nullopt, Cancellation{});
  for (int text = 0; text < kTexts; ++text) {
    single.Forward(rows.Rows(text, 1), std::nullopt, Cancellation{});
    for (int c = 0; c < 130; ++c) {
      REQUIRE(single.logits().Row(0)[c] == whole.logits().Row(text)[c]);
    }
  }
}

TEST_CASE("a cancelled head stops") {
  MlpCase head(false);
  head.Forward();
  Cancellation cancellation;
  cancellation.Request();
  CHECK_THROWS_AS(head.mlp.Forward(head.state_view(), std::nullopt, cancellation), Error);
  std::vector<Scalar> direction(3 * static_cast<std::size_t>(head.mlp.logit_stride()), Scalar(1));
  std::vector<Scalar> dw1(9 * 6), db1(9), dw2(4 * 9), db2(4), dstates(head.states.size());
  CHECK_THROWS_AS(
      head.mlp.Backward(head.state_view(), std::nullopt,
                        MlpCase::View<const Scalar>(direction.data(), 3, 4, head.mlp.logit_stride()),
                        {dw1.data(), db1.data(), dw2.data(), db2.data()},
                        MlpCase::View(dstates.data(), 3, 6, head.mlp.state_stride()), cancellation),
      Error);
  CHECK_THROWS_AS(
      head.mlp.Pack({head.w1.data(), head.b1.data(), head.w2.data(), head.b2.data()}, cancellation), Error);
}

}  // namespace advnative
