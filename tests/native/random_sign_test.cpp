#include "attacks/random_sign.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "batch_maker.h"

namespace advnative {

namespace {

constexpr Scalar kEpsilon = Scalar(0.25);

std::vector<Scalar> Signs(std::uint64_t seed, std::uint64_t step, int rows, int columns, int stride) {
  std::vector<Scalar> signs(static_cast<std::size_t>(rows * stride), Scalar(7));
  FillRandomSigns(Philox(seed, RandomStream::kRandomSign, step), kEpsilon,
                  {signs.data(), rows, columns, stride}, Cancellation{});
  return signs;
}

// By the definition in attacks/random_sign.h, a bit at a time.
Scalar NaiveSign(const Philox& random, int row, int j, int columns) {
  const std::uint64_t blocks_per_row = static_cast<std::uint64_t>((columns + 127) / 128);
  const std::uint64_t block =
      static_cast<std::uint64_t>(row) * blocks_per_row + static_cast<std::uint64_t>(j / 128);
  const std::uint32_t word = random.Block(block)[static_cast<std::size_t>(j / 32 % 4)];
  return word >> (j % 32) & 1u ? kEpsilon : -kEpsilon;
}

ModelConfig Config(CellType cell) {
  ModelConfig config = testing::SmallConfig(cell);
  config.embedding = 21;
  return config;
}

StepOptions Everything(double alpha) {
  StepOptions options = testing::RandomStepOptions(0.5, alpha, EpsilonUnit::kStandardDeviation);
  options.dropout_keep = 0.5;
  options.unknown_rate = 0.1;
  options.clip_norm = 1.0;
  return options;
}

std::vector<int> RaggedLengths(int texts) {
  std::vector<int> lengths;
  for (int i = 0; i < texts; ++i) lengths.push_back(1 + (i * 13) % 29);
  return lengths;
}

std::vector<Scalar> ParametersAfter(const ModelConfig& config, int threads, const StepOptions& options) {
  const auto model = CreateModel(config, testing::OnCpu(threads));
  for (std::uint64_t step = 0; step < 3; ++step) {
    model->TrainStep(testing::RandomBatch(step, config, RaggedLengths(70)), options, Cancellation{});
  }
  return model->ReadParameters();
}

}  // namespace

TEST_CASE("random signs are the bits of the stream, whatever the padding, which stays zero") {
  const Philox random(5, RandomStream::kRandomSign, 9);
  for (const int columns : {1, 5, 31, 32, 33, 127, 128, 129, 300}) {
    for (const int padding : {0, 3, 16}) {
      CAPTURE(columns);
      CAPTURE(padding);
      const int stride = columns + padding;
      const std::vector<Scalar> signs = Signs(5, 9, 7, columns, stride);
      for (int row = 0; row < 7; ++row) {
        for (int j = 0; j < stride; ++j) {
          const Scalar expected = j < columns ? NaiveSign(random, row, j, columns) : Scalar(0);
          REQUIRE(signs[static_cast<std::size_t>(row * stride + j)] == expected);
        }
      }
    }
  }
}

// Of n fair signs the sum has a standard deviation of √n, and so has the sum of products of two independent
// ones: five of them leave one run in two million, and a bias of one in two hundred does not pass.
TEST_CASE(
    "random signs are balanced, in every column, and independent of their neighbours, steps and seeds") {
  constexpr int kRows = 20000;
  constexpr int kColumns = 50;
  const auto sum_of_products = [](const std::vector<Scalar>& a, const std::vector<Scalar>& b,
                                  std::size_t shift) {
    double sum = 0.0;
    for (std::size_t i = 0; i + shift < a.size(); ++i) sum += static_cast<double>(a[i] * b[i + shift]);
    return std::abs(sum) / static_cast<double>(kEpsilon * kEpsilon);
  };
  const double bound = 5.0 * std::sqrt(static_cast<double>(kRows) * kColumns);
  const std::vector<Scalar> signs = Signs(1, 1, kRows, kColumns, kColumns);
  const std::vector<Scalar> ones(signs.size(), kEpsilon);
  CHECK(sum_of_products(signs, ones, 0) < bound);
  for (std::size_t column = 0; column < kColumns; ++column) {
    double sum = 0.0;
    for (std::size_t i = column; i < signs.size(); i += kColumns)
      sum += static_cast<double>(signs[i] / kEpsilon);
    CHECK(std::abs(sum) < 5.0 * std::sqrt(static_cast<double>(kRows)));
  }
  for (const std::size_t shift : {1, 2, 32, kColumns}) {
    CAPTURE(shift);
    CHECK(sum_of_products(signs, signs, shift) < bound);
  }
  CHECK(sum_of_products(signs, Signs(1, 2, kRows, kColumns, kColumns), 0) < bound);
  CHECK(sum_of_products(signs, Signs(2, 1, kRows, kColumns, kColumns), 0) < bound);
  // What the bound is worth: equal signs are far beyond it.
  CHECK(sum_of_products(signs, signs, 0) > 100.0 * bound);
}

// The embedding of every token, moved by hand in a model whose tokens each have a row of their own.
TEST_CASE("the perturbed pass is the clean pass of tokens moved by the signs") {
  for (const CellType cell : kEveryCell) {
    CAPTURE(std::string(CellName(cell)));
    const ModelConfig config = Config(cell);
    Batch batch = testing::RandomBatch(2, config, {3, 1, 5, 2});
    for (std::size_t i = 0; i < batch.ids.size(); ++i) batch.ids[i] = static_cast<std::int32_t>(i);
    REQUIRE(batch.ids.size() == static_cast<std::size_t>(config.vocabulary));
    Classifier model = testing::MakeClassifier(config);
    std::vector<Scalar> parameters = model.ReadParameters();
    const double perturbed =
        model
            .ComputeGradient(batch, testing::RandomStepOptions(static_cast<double>(kEpsilon)), 4,
                             Cancellation{})
            .adversarial_loss;
    const double clean = model.ComputeGradient(batch, testing::VanillaOptions(), 4, Cancellation{}).loss;
    const std::vector<Scalar> signs =
        Signs(config.seed, 4, config.vocabulary, config.embedding, config.embedding);
    for (std::size_t i = 0; i < signs.size(); ++i) parameters[i] += signs[i];
    model.WriteParameters(parameters);
    const double moved = model.ComputeGradient(batch, testing::VanillaOptions(), 4, Cancellation{}).loss;
    CHECK(std::abs(perturbed - moved) <= 1e-6);
    CHECK(std::abs(perturbed - clean) > 1e-3);
  }
}

TEST_CASE("the perturbation moves no other random number") {
  const ModelConfig config = Config(CellType::kGru);
  const Batch batch = testing::RandomBatch(2, config, RaggedLengths(20));
  const auto clean_loss = [&](StepOptions options) {
    options.dropout_keep = 0.5;
    options.unknown_rate = 0.3;
    Classifier model = testing::MakeClassifier(config);
    return model.ComputeGradient(batch, options, 3, Cancellation{}).clean_loss;
  };
  const double expected = clean_loss(testing::VanillaOptions());
  CHECK(clean_loss(testing::RandomStepOptions(0.5)) == expected);
  CHECK(clean_loss(testing::RandomStepOptions(0.5, 0.0)) == expected);
  CHECK(clean_loss(testing::AdversarialStepOptions(0.5)) == expected);
}

TEST_CASE("alpha 0 gives the gradient of the randomly perturbed pass, bit for bit, without the clean one's") {
  for (const CellType cell : kEveryCell) {
    CAPTURE(std::string(CellName(cell)));
    Classifier model = testing::MakeClassifier(Config(cell));
    const Batch batch = testing::RandomBatch(3, Config(cell), RaggedLengths(70));
    for (const double keep : {1.0, 0.5}) {
      CAPTURE(keep);
      const auto gradient = [&](double alpha) {
        StepOptions options = testing::RandomStepOptions(0.5, alpha);
        options.dropout_keep = keep;
        const StepResult result = model.ComputeGradient(batch, options, 1, Cancellation{});
        CHECK(result.loss == result.adversarial_loss);
        CHECK(result.loss != result.clean_loss);
        return model.backend().Gradient();
      };
      const std::vector<Scalar> expected = gradient(1.2e-38);
      CHECK(expected != std::vector<Scalar>(expected.size()));
      CHECK(gradient(0.0) == expected);
    }
  }
}

TEST_CASE("epsilon 0 at random equals vanilla training to float accuracy, and epsilon above 0 does not") {
  const ModelConfig config = Config(CellType::kGru);
  const auto vanilla = ParametersAfter(config, 2, testing::VanillaOptions());
  const auto difference = [&](double epsilon) {
    const auto other = ParametersAfter(config, 2, testing::RandomStepOptions(epsilon));
    double largest = 0.0;
    for (std::size_t i = 0; i < vanilla.size(); ++i) {
      largest = std::max(largest, std::abs(static_cast<double>(vanilla[i]) - static_cast<double>(other[i])));
    }
    return largest;
  };
  CHECK(difference(0.0) <= 1e-5);
  CHECK(difference(0.5) > 1e-3);
}

TEST_SUITE("threads") {
  TEST_CASE("training with random perturbations gives the same bits for 1, 2 and 3 threads") {
    for (const CellType cell : kEveryCell) {
      for (const double alpha : {0.5, 0.0}) {
        CAPTURE(std::string(CellName(cell)));
        CAPTURE(alpha);
        const auto expected = ParametersAfter(Config(cell), 1, Everything(alpha));
        CHECK(ParametersAfter(Config(cell), 2, Everything(alpha)) == expected);
        CHECK(ParametersAfter(Config(cell), 3, Everything(alpha)) == expected);
      }
    }
  }
}

}  // namespace advnative
