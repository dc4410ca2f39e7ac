// Linear classifiers against the conditions that their optimum meets.
#include "linear/one_vs_rest.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/philox.h"

namespace advnative {

namespace {

constexpr OneVsRestOptions kExact{.cost = 0.7, .passes = 3000, .tolerance = 1e-5, .seed = 3};

// Rows of some random features, whose label is mostly that of one of them.
struct Problem {
  SparseRows rows{60, {0}, {}, {}};
  std::vector<std::int32_t> labels;

  Problem(int count, int classes) {
    UniformSequence random(Philox(5, RandomStream::kInitialization, 1), 0);
    const auto draw = [&random](int below) { return static_cast<int>(random.Next() * below); };
    for (int row = 0; row < count; ++row) {
      std::vector<std::int32_t> columns;
      for (int i = 0; i < 1 + draw(12); ++i) columns.push_back(draw(rows.features));
      std::sort(columns.begin(), columns.end());
      columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
      // Each feature speaks for a class of its own.
      labels.push_back(draw(10) == 0 ? draw(classes) : columns[columns.size() / 2] % classes);
      for (const std::int32_t column : columns) {
        rows.columns.push_back(column);
        rows.values.push_back(static_cast<float>(0.2 + random.Next()));
      }
      rows.offsets.push_back(static_cast<std::int32_t>(rows.columns.size()));
    }
  }
};

// The largest component of the gradient of ½‖w‖² + C·Σ max(0, 1 − y·w·x)², which is 0 at the optimum.
double LargestGradient(const Problem& problem, const std::vector<float>& weights, int scores, int score,
                       int positive, double cost) {
  const auto width = static_cast<std::size_t>(scores);
  const auto weight = [&](std::size_t feature) {
    return static_cast<double>(weights[feature * width + static_cast<std::size_t>(score)]);
  };
  const auto bias = static_cast<std::size_t>(problem.rows.features);
  std::vector<double> gradient(bias + 1);
  for (std::size_t feature = 0; feature <= bias; ++feature) gradient[feature] = weight(feature);
  for (std::size_t row = 0; row < problem.rows.rows(); ++row) {
    const double y = problem.labels[row] == positive ? 1.0 : -1.0;
    const auto begin = static_cast<std::size_t>(problem.rows.offsets[row]);
    const auto end = static_cast<std::size_t>(problem.rows.offsets[row + 1]);
    double sum = weight(bias);
    for (std::size_t at = begin; at < end; ++at) {
      sum += weight(static_cast<std::size_t>(problem.rows.columns[at])) *
             static_cast<double>(problem.rows.values[at]);
    }
    const double slope = -2.0 * cost * y * std::max(0.0, 1.0 - y * sum);
    gradient[bias] += slope;
    for (std::size_t at = begin; at < end; ++at) {
      gradient[static_cast<std::size_t>(problem.rows.columns[at])] +=
          slope * static_cast<double>(problem.rows.values[at]);
    }
  }
  return std::abs(*std::max_element(gradient.begin(), gradient.end(),
                                    [](double a, double b) { return std::abs(a) < std::abs(b); }));
}

}  // namespace

TEST_CASE("the weights of every class are at the optimum of its own problem") {
  for (const int classes : {2, 3, 11}) {
    CAPTURE(classes);
    const Problem problem(200, classes);
    ThreadPool pool(2);
    const std::vector<float> weights =
        TrainOneVsRest(pool, problem.rows, problem.labels, classes, kExact, Cancellation{});
    const int scores = classes == 2 ? 1 : classes;
    REQUIRE(weights.size() == static_cast<std::size_t>(61 * scores));
    for (int score = 0; score < scores; ++score) {
      const int positive = classes == 2 ? 1 : score;
      CHECK(LargestGradient(problem, weights, scores, score, positive, kExact.cost) <= 1e-3);
      std::vector<float> other = weights;
      other[static_cast<std::size_t>(score)] += 0.01f;
      CHECK(LargestGradient(problem, other, scores, score, positive, kExact.cost) >= 5e-3);
    }
  }
}

TEST_SUITE("threads") {
  TEST_CASE("linear classifiers have the same bits for any number of threads") {
    const Problem problem(300, 20);
    const OneVsRestOptions options{.cost = 1.0, .passes = 7, .tolerance = 1e-9, .seed = 1};
    const auto weights = [&](int threads) {
      ThreadPool pool(threads);
      return TrainOneVsRest(pool, problem.rows, problem.labels, 20, options, Cancellation{});
    };
    const std::vector<float> alone = weights(1);
    CHECK(weights(2) == alone);
    CHECK(weights(5) == alone);
  }
}

TEST_CASE("a requested cancellation ends the training") {
  const Problem problem(10, 3);
  ThreadPool pool(1);
  Cancellation cancellation;
  cancellation.Request();
  CHECK_THROWS_AS(TrainOneVsRest(pool, problem.rows, problem.labels, 3, kExact, cancellation), Error);
}

}  // namespace advnative
