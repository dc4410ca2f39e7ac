#include "cpu/layers/loss.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "finite_differences.h"

namespace advnative {

TEST_CASE("equal logits give the logarithm of the number of classes") {
  const std::vector<float> logits{2.0f, 2.0f, 2.0f, 2.0f};
  const std::int32_t label = 1;
  double loss = 0.0;
  SoftmaxCrossEntropy<float>(1, 4, 4, logits.data(), &label, 1.0f, &loss, nullptr, Cancellation{});
  CHECK(std::abs(loss - std::log(4.0)) < 1e-12);
}

TEST_CASE("large logits neither overflow nor lose the loss, and NaN reaches it") {
  const std::int32_t label = 1;
  double loss = 0.0;
  std::vector<float> logits{1000.0f, -1000.0f, 0.0f};
  SoftmaxCrossEntropy<float>(1, 3, 3, logits.data(), &label, 1.0f, &loss, nullptr, Cancellation{});
  CHECK(loss == 2000.0);
  logits[2] = std::numeric_limits<float>::quiet_NaN();
  SoftmaxCrossEntropy<float>(1, 3, 3, logits.data(), &label, 1.0f, &loss, nullptr, Cancellation{});
  CHECK(std::isnan(loss));
}

TEST_CASE("the gradient of the logits equals finite differences and leaves padding alone") {
  constexpr int kStride = 5;
  auto logits = testing::RandomNumbers<double>(1, 3 * kStride);
  const std::vector<std::int32_t> labels{2, 0, 1};
  std::vector<double> losses(3);
  std::vector<double> gradient(3 * kStride, 99.0);
  SoftmaxCrossEntropy<double>(3, 3, kStride, logits.data(), labels.data(), 0.5, losses.data(),
                              gradient.data(), Cancellation{});
  const auto objective = [&] {
    SoftmaxCrossEntropy<double>(3, 3, kStride, logits.data(), labels.data(), 1.0, losses.data(), nullptr,
                                Cancellation{});
    return 0.5 * std::accumulate(losses.begin(), losses.end(), 0.0);
  };
  for (std::size_t row = 0; row < 3; ++row) {
    testing::CheckGradient("logits", logits.data() + row * kStride, gradient.data() + row * kStride, 3,
                           objective);
    CHECK(gradient[row * kStride + 3] == 99.0);
  }
}

TEST_CASE("the first of equal logits is the prediction") {
  const std::vector<float> logits{1.0f, 3.0f, 3.0f};
  CHECK(LargestLogit(logits.data(), 3) == 1);
}

}  // namespace advnative
