#include <doctest/doctest.h>

#include <numeric>

#include "finite_differences.h"
#include "model/loss.h"

namespace advnative {

TEST_CASE("the gradient of the logits equals finite differences and leaves padding alone") {
  constexpr int kStride = 5;
  auto logits = testing::RandomNumbers(1, 3 * kStride);
  const std::vector<std::int32_t> labels{2, 0, 1};
  for (const LossKind loss : kEveryLoss) {
    CAPTURE(std::string(LossName(loss)));
    std::vector<double> losses(3);
    std::vector<double> gradient(3 * kStride, 99.0);
    const ConstMatrix rows{logits.data(), 3, 3, kStride};
    Losses(loss, rows, labels.data(), losses.data(), 0.5, {gradient.data(), 3, 3, kStride}, Cancellation{});
    const auto objective = [&] {
      Losses(loss, rows, labels.data(), losses.data(), Cancellation{});
      return 0.5 * std::accumulate(losses.begin(), losses.end(), 0.0);
    };
    const double with_gradient = 0.5 * std::accumulate(losses.begin(), losses.end(), 0.0);
    CHECK(with_gradient == objective());
    for (std::size_t row = 0; row < 3; ++row) {
      testing::CheckGradient("logits", logits.data() + row * kStride, gradient.data() + row * kStride, 3,
                             objective);
      CHECK(gradient[row * kStride + 3] == 99.0);
    }
  }
}

}  // namespace advnative
