#include "model/loss.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace advnative {

TEST_CASE("equal logits give the logarithm of the number of classes") {
  const std::vector<Scalar> logits{2, 2, 2, 2};
  const std::int32_t label = 1;
  double loss = 0.0;
  SoftmaxCrossEntropy({logits.data(), 1, 4, 4}, &label, &loss, Cancellation{});
  CHECK(std::abs(loss - std::log(4.0)) < 1e-12);
}

TEST_CASE("large logits neither overflow nor lose the loss, and NaN reaches it") {
  const std::int32_t label = 1;
  double loss = 0.0;
  std::vector<Scalar> logits{1000, -1000, 0};
  SoftmaxCrossEntropy({logits.data(), 1, 3, 3}, &label, &loss, Cancellation{});
  CHECK(loss == 2000.0);
  logits[2] = std::numeric_limits<Scalar>::quiet_NaN();
  SoftmaxCrossEntropy({logits.data(), 1, 3, 3}, &label, &loss, Cancellation{});
  CHECK(std::isnan(loss));
}

TEST_CASE("the first of equal logits is the prediction") {
  const std::vector<Scalar> logits{1, 3, 3};
  CHECK(LargestLogit(logits.data(), 3) == 1);
}

}  // namespace advnative
