// Pooling against its formulas, and the gradients of models that pool.
#include "cpu/layers/pooling.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "batch_maker.h"
#include "finite_differences.h"

namespace advnative {

using testing::RandomNumbers;

namespace {

const std::vector<std::int32_t> kOffsets{0, 3, 4, 9, 11};
constexpr int kTexts = 4;
constexpr int kStates = 5;

const std::vector<std::vector<Pooling>> kLists{{Pooling::kMax},
                                               {Pooling::kMean},
                                               {Pooling::kMean, Pooling::kMax},
                                               {Pooling::kMax, Pooling::kLast, Pooling::kMean}};

Matrix View(std::vector<Scalar>& values, int columns) {
  return DenseMatrix(values.data(), static_cast<int>(values.size()) / columns, columns);
}

// By the formula, of one unit of one text.
double Naive(Pooling pooling, const std::vector<Scalar>& tokens, std::size_t text, std::size_t unit) {
  double sum = 0.0;
  double largest = -INFINITY;
  const auto begin = static_cast<std::size_t>(kOffsets[text]);
  const auto end = static_cast<std::size_t>(kOffsets[text + 1]);
  for (std::size_t token = begin; token < end; ++token) {
    const double state = static_cast<double>(tokens[token * kStates + unit]);
    sum += state;
    largest = std::max(largest, state);
  }
  return pooling == Pooling::kMax ? largest : sum / static_cast<double>(end - begin);
}

}  // namespace

TEST_CASE("pooled states equal their formulas, and the last ones stay as they are") {
  ThreadPool pool(2);
  std::vector<Scalar> tokens = RandomNumbers(1, 11 * kStates);
  for (const auto& list : kLists) {
    std::vector<Scalar> pooled(kTexts * list.size() * kStates, Scalar(7));
    PoolTokens(pool, list, kOffsets, View(tokens, kStates),
               View(pooled, static_cast<int>(list.size()) * kStates), Cancellation{});
    for (std::size_t text = 0; text < kTexts; ++text) {
      for (std::size_t place = 0; place < list.size(); ++place) {
        for (std::size_t unit = 0; unit < kStates; ++unit) {
          const auto value = static_cast<double>(pooled[(text * list.size() + place) * kStates + unit]);
          CAPTURE(std::string(PoolingName(list[place])));
          if (list[place] == Pooling::kLast) {
            REQUIRE(value == 7.0);
          } else {
            REQUIRE(testing::RelativeError(value, Naive(list[place], tokens, text, unit), 1e-2) <= 1e-6);
          }
        }
      }
    }
  }
}

TEST_CASE("the gradient of a maximum goes to the first token that has it") {
  ThreadPool pool(1);
  const std::vector<Pooling> list{Pooling::kMax};
  std::vector<Scalar> tokens{1, 4, 3, 4, 3, 2};
  std::vector<Scalar> pooled(2);
  std::vector<Scalar> gradient{5, 7};
  std::vector<Scalar> token_gradient(6, Scalar(9));
  PoolTokens(pool, list, {0, 3}, View(tokens, 2), View(pooled, 2), Cancellation{});
  CHECK(pooled == std::vector<Scalar>{3, 4});
  PoolTokensBack(pool, list, {0, 3}, View(tokens, 2), View(pooled, 2), View(gradient, 2),
                 View(token_gradient, 2), Cancellation{});
  CHECK(token_gradient == std::vector<Scalar>{0, 7, 5, 0, 0, 0});
}

TEST_CASE(
    "a pooled model of two layers gives the same bits for any number of threads and any batch around a "
    "text") {
  for (const CellType cell : kEveryCell) {
    ModelConfig config = testing::SmallConfig(cell);
    config.pooling = {Pooling::kMax, Pooling::kLast, Pooling::kAttention, Pooling::kMean};
    config.layers = 2;
    const auto after = [&](int threads) {
      const auto model = CreateModel(config, testing::OnCpu(threads));
      for (std::uint64_t step = 0; step < 3; ++step) {
        const Batch batch = testing::RandomBatch(step, config, {3, 9, 1, 4, 8, 2, 5, 5, 6, 7, 12});
        model->TrainStep(batch, testing::AdversarialStepOptions(0.05), Cancellation{});
      }
      return model->ReadParameters();
    };
    CHECK(after(3) == after(1));
    const auto model = CreateModel(config, testing::OnCpu(2));
    Batch both = testing::RandomBatch(4, config, {4, 7});
    const auto logits = model->Predict(both, Cancellation{});
    Batch alone{{both.ids.begin() + 4, both.ids.end()}, {0, 7}, {}};
    const auto expected = model->Predict(alone, Cancellation{});
    CHECK(std::equal(expected.begin(), expected.end(), logits.begin() + config.classes));
  }
}

}  // namespace advnative
