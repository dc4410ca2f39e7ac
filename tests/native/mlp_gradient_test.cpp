// The gradients of the head against finite differences and naive sums.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "finite_differences.h"
#include "mlp_case.h"

namespace advnative {

using testing::Kernels;
using testing::MlpCase;
using testing::RandomNumbers;

TEST_CASE("gradients of the head equal finite differences, with and without a mask") {
  for (const bool with_mask : {false, true}) {
    MlpCase head(with_mask);
    const auto direction = MlpCase::Padded(RandomNumbers(8, 3 * 4), 4, head.mlp.logit_stride());
    const auto objective = [&] {
      head.Forward();
      double sum = 0.0;
      for (std::size_t i = 0; i < direction.size(); ++i) sum += direction[i] * head.mlp.logits().data[i];
      return sum;
    };
    objective();
    std::vector<double> dw1(9 * 6), db1(9), dw2(4 * 9), db2(4), dstates(head.states.size());
    head.mlp.Backward(head.state_view(), head.mask_view(),
                      MlpCase::View(direction.data(), 3, 4, head.mlp.logit_stride()),
                      {dw1.data(), db1.data(), dw2.data(), db2.data()},
                      MlpCase::View(dstates.data(), 3, 6, head.mlp.state_stride()), Cancellation{});
    testing::CheckGradient("hidden weights", head.w1.data(), dw1.data(), dw1.size(), objective);
    testing::CheckGradient("hidden bias", head.b1.data(), db1.data(), db1.size(), objective);
    testing::CheckGradient("output weights", head.w2.data(), dw2.data(), dw2.size(), objective);
    testing::CheckGradient("output bias", head.b2.data(), db2.data(), db2.size(), objective);
    for (std::size_t b = 0; b < 3; ++b) {
      const std::size_t at = b * static_cast<std::size_t>(head.mlp.state_stride());
      testing::CheckGradient("states", head.states.data() + at, dstates.data() + at, 6, objective);
    }
  }
}

TEST_CASE("gradients of a head larger than a block of its products equal naive ones") {
  constexpr MlpShape kLarge{6, 3500, 4};
  constexpr int kTexts = 3;
  ThreadPool pool(2);
  const auto w1 = RandomNumbers(1, 3500 * 6);
  const auto b1 = RandomNumbers(2, 3500);
  const auto w2 = RandomNumbers(3, 4 * 3500);
  const auto b2 = RandomNumbers(4, 4);
  Mlp head(Kernels(), pool, kLarge);
  const auto states = MlpCase::Padded(RandomNumbers(5, kTexts * 6), 6, head.state_stride());
  const auto direction = MlpCase::Padded(RandomNumbers(8, kTexts * 4), 4, head.logit_stride());
  head.Pack({w1.data(), b1.data(), w2.data(), b2.data()}, Cancellation{});
  const ConstMatrix rows = MlpCase::View(states.data(), kTexts, 6, head.state_stride());
  head.Begin(kTexts, PassKind::kTraining);
  head.Forward(rows, std::nullopt, Cancellation{});
  std::vector<double> dw1(3500 * 6), db1(3500), dw2(4 * 3500), db2(4), dstates(states.size());
  head.Backward(rows, std::nullopt, MlpCase::View(direction.data(), kTexts, 4, head.logit_stride()),
                {dw1.data(), db1.data(), dw2.data(), db2.data()},
                MlpCase::View(dstates.data(), kTexts, 6, head.state_stride()), Cancellation{});
  for (std::size_t m = 0; m < 3500; ++m) {
    for (std::size_t c = 0; c < 4; ++c) {
      double expected = 0.0;
      for (std::size_t b = 0; b < kTexts; ++b) {
        double hidden = b1[m];
        for (std::size_t s = 0; s < 6; ++s) {
          hidden += w1[m * 6 + s] * states[b * static_cast<std::size_t>(head.state_stride()) + s];
        }
        expected += direction[b * static_cast<std::size_t>(head.logit_stride()) + c] * std::max(0.0, hidden);
      }
      REQUIRE(std::abs(dw2[c * 3500 + m] - expected) <= 1e-12);
    }
  }
}

}  // namespace advnative
