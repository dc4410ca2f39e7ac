// Naive Bayes against a naive count.
#include "linear/naive_bayes.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/philox.h"

namespace advnative {

namespace {

constexpr double kSmoothing = 0.3;

// Random rows, of which some have no feature, and random classes.
struct Problem {
  SparseRows rows;
  std::vector<std::int32_t> labels;

  Problem(int features, int count, int classes) : rows{features, {0}, {}, {}} {
    UniformSequence random(Philox(9, RandomStream::kInitialization, 1), 0);
    for (int row = 0; row < count; ++row) {
      labels.push_back(static_cast<std::int32_t>(random.Next() * classes));
      for (std::int32_t column = 0; column < features; ++column) {
        if (random.Next() >= 3.0 / features) continue;
        rows.columns.push_back(column);
        rows.values.push_back(static_cast<float>(random.Next()));
      }
      rows.offsets.push_back(static_cast<std::int32_t>(rows.columns.size()));
    }
  }

  // Rows of a class that have a feature.
  int Count(int feature, int label) const {
    int count = 0;
    for (std::size_t row = 0; row < labels.size(); ++row) {
      if (labels[row] != label) continue;
      const auto* begin = rows.columns.data() + rows.offsets[row];
      const auto* end = rows.columns.data() + rows.offsets[row + 1];
      count += static_cast<int>(std::count(begin, end, feature));
    }
    return count;
  }

  double LogShare(int feature, int label) const {
    int all = 0;
    for (int other = 0; other < rows.features; ++other) all += Count(other, label);
    return std::log((Count(feature, label) + kSmoothing) / (all + kSmoothing * rows.features));
  }
};

std::vector<float> Weights(const Problem& problem, int classes, int threads = 2) {
  ThreadPool pool(threads);
  return TrainNaiveBayes(pool, problem.rows, problem.labels, classes, kSmoothing, Cancellation{});
}

}  // namespace

TEST_CASE("the weights of naive Bayes are the logarithms of the shares of features, less their mean") {
  const int classes = 4;
  const Problem problem(7, 50, classes);
  const std::vector<float> weights = Weights(problem, classes);
  REQUIRE(weights.size() == 8 * 4);
  for (int feature = 0; feature < 7; ++feature) {
    double mean = 0.0;
    for (int label = 0; label < classes; ++label) mean += problem.LogShare(feature, label) / classes;
    for (int label = 0; label < classes; ++label) {
      const float weight = weights[static_cast<std::size_t>(feature * classes + label)];
      CHECK(static_cast<double>(weight) ==
            doctest::Approx(problem.LogShare(feature, label) - mean).epsilon(1e-6));
    }
  }
  CHECK(std::all_of(weights.end() - classes, weights.end(), [](float bias) { return bias == 0.0f; }));
}

TEST_CASE("of two classes naive Bayes has the weights of the second against the first") {
  const Problem problem(5, 30, 2);
  const std::vector<float> weights = Weights(problem, 2);
  REQUIRE(weights.size() == 6);
  for (int feature = 0; feature < 5; ++feature) {
    CHECK(static_cast<double>(weights[static_cast<std::size_t>(feature)]) ==
          doctest::Approx(problem.LogShare(feature, 1) - problem.LogShare(feature, 0)).epsilon(1e-6));
  }
}

TEST_SUITE("threads") {
  TEST_CASE("naive Bayes has the same bits for any number of threads") {
    const Problem problem(40000, 60, 3);
    const std::vector<float> alone = Weights(problem, 3, 1);
    CHECK(Weights(problem, 3, 2) == alone);
    CHECK(Weights(problem, 3, 5) == alone);
  }
}

TEST_CASE("a requested cancellation ends naive Bayes") {
  const Problem problem(5, 10, 3);
  ThreadPool pool(1);
  Cancellation cancellation;
  cancellation.Request();
  CHECK_THROWS_AS(TrainNaiveBayes(pool, problem.rows, problem.labels, 3, kSmoothing, cancellation), Error);
}

}  // namespace advnative
