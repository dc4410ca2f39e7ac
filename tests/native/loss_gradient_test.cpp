#include <doctest/doctest.h>

#include <numeric>

#include "finite_differences.h"
#include "model/loss.h"

namespace advnative {

TEST_CASE("the gradient of the logits equals finite differences and leaves padding alone") {
  constexpr int kStride = 5;
  auto logits = testing::RandomNumbers(1, 3 * kStride);
  const std::vector<std::int32_t> labels{2, 0, 1};
  std::vector<double> losses(3);
  std::vector<double> gradient(3 * kStride, 99.0);
  SoftmaxCrossEntropy(3, 3, kStride, logits.data(), labels.data(), 0.5, losses.data(), gradient.data(),
                      Cancellation{});
  const auto objective = [&] {
    SoftmaxCrossEntropy(3, 3, kStride, logits.data(), labels.data(), 1.0, losses.data(), nullptr,
                        Cancellation{});
    return 0.5 * std::accumulate(losses.begin(), losses.end(), 0.0);
  };
  for (std::size_t row = 0; row < 3; ++row) {
    testing::CheckGradient("logits", logits.data() + row * kStride, gradient.data() + row * kStride, 3,
                           objective);
    CHECK(gradient[row * kStride + 3] == 99.0);
  }
}

}  // namespace advnative
