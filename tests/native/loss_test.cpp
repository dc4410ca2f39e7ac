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

TEST_CASE("the squared error is the mean over classes of each sigmoid's distance from 0 or 1") {
  const std::vector<Scalar> logits{Scalar(0.5), Scalar(-2), Scalar(3), 0, 0, 0};
  const std::vector<std::int32_t> labels{2, 0};
  std::vector<double> losses(2);
  SigmoidSquaredError({logits.data(), 2, 3, 3}, labels.data(), losses.data(), Cancellation{});
  const auto sigmoid = [](double x) { return 1.0 / (1.0 + std::exp(-x)); };
  const auto squared = [](double x) { return x * x; };
  const double expected =
      (squared(sigmoid(0.5)) + squared(sigmoid(-2.0)) + squared(sigmoid(3.0) - 1.0)) / 3.0;
  CHECK(std::abs(losses[0] - expected) < 1e-12);
  CHECK(losses[1] == 0.25);
}

TEST_CASE("the squared error of large logits is exact, and infinity and NaN reach it") {
  const std::int32_t label = 1;
  double loss = 0.0;
  std::vector<Scalar> logits{-1000, 1000};
  const auto value = [&] {
    SigmoidSquaredError({logits.data(), 1, 2, 2}, &label, &loss, Cancellation{});
    return loss;
  };
  CHECK(value() == 0.0);
  logits = {1000, -1000};
  CHECK(value() == 1.0);
  // As far from 1 as from 0 on the other side, where 1 − σ would be 0 in double.
  logits = {-50, 50};
  CHECK(std::abs(value() / std::exp(-100.0) - 1.0) < 1e-12);
  for (const Scalar wrong :
       {std::numeric_limits<Scalar>::infinity(), -std::numeric_limits<Scalar>::infinity(),
        std::numeric_limits<Scalar>::quiet_NaN()}) {
    logits = {0, wrong};
    CHECK(std::isnan(value()));
  }
}

TEST_CASE("the first of equal logits is the prediction") {
  const std::vector<Scalar> logits{1, 3, 3};
  CHECK(LargestLogit(logits.data(), 3) == 1);
}

}  // namespace advnative
