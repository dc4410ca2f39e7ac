// The moving average of the parameters: by its formula, apart from training, and what predictions are made
// with.
#include "model/parameter_average.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "base/memory_block.h"
#include "batch_maker.h"

namespace advnative {

namespace {

constexpr double kDecay = 0.6;  // the sixth step is the first that has it

// Several chunks of parameters.
ModelConfig Config(CellType cell, double ema) {
  ModelConfig config = testing::SmallConfig(cell);
  config.vocabulary = 15000;
  config.ema = ema;
  return config;
}

Batch BatchOf(std::uint64_t step, const ModelConfig& config) {
  return testing::RandomBatch(step, config, {3, 9, 1, 4, 8, 2, 5, 5, 6, 7, 12});
}

void Train(Model& model, const ModelConfig& config, std::uint64_t first, std::uint64_t steps) {
  for (std::uint64_t step = first; step < first + steps; ++step) {
    model.TrainStep(BatchOf(step, config), testing::AdversarialStepOptions(0.05), Cancellation{});
  }
}

std::unique_ptr<Model> Create(const ModelConfig& config, int threads = 2) {
  return CreateModel(config, testing::OnCpu(threads));
}

}  // namespace

TEST_CASE("the first steps forget sooner than the decay says") {
  CHECK(AverageWeight(0.999, 1) == 9.0 / 11.0);
  CHECK(AverageWeight(0.999, 90) == 0.09);
  CHECK(std::abs(AverageWeight(0.999, 8989) - 0.001000111) < 1e-9);
  CHECK(AverageWeight(0.999, 8990) == 1.0 - 0.999);
  CHECK(AverageWeight(0.1, 1) == 0.9);
}

TEST_CASE("the scale of a lag is the product of what all steps left of it, in float's range") {
  for (const double decay : {1e-300, 0.05, 0.6, 0.99, 0.9999}) {
    CAPTURE(decay);
    CHECK(LagScaleAfter(decay, 0).scale == 1.0);
    CHECK(LagScaleAfter(decay, 0).exponent == 0.0);
    double logarithm = 0.0;
    double farthest = 0.0;
    for (std::uint64_t step = 1; step <= 20000; ++step) {
      logarithm += std::log2(1.0 - AverageWeight(decay, step));
      const LagScale lag = LagScaleAfter(decay, step);
      REQUIRE(lag.scale > 0x1p-64);
      REQUIRE(lag.scale <= 1.0);
      REQUIRE(std::fmod(lag.exponent, 64.0) == 0.0);
      const double expected = logarithm + lag.exponent;
      farthest = std::max(farthest, std::abs(std::log2(lag.scale) - expected) / std::max(1.0, -logarithm));
      const AverageStep move = MakeAverageStep(decay, step);
      REQUIRE(move.lag_scale == lag.scale);
      REQUIRE(move.renewal == std::exp2(LagScaleAfter(decay, step - 1).exponent - lag.exponent));
    }
    CHECK(farthest < 1e-12);
  }
}

TEST_CASE(
    "the average equals its formula in double, with the same bits for any number of threads, and training "
    "knows nothing of it") {
  for (const CellType cell : kEveryCell) {
    CAPTURE(std::string(CellName(cell)));
    const ModelConfig config = Config(cell, kDecay);
    const auto model = Create(config, 1);
    const auto threaded = Create(config, 3);
    const auto plain = Create(Config(cell, 0.0));
    const std::vector<float> initial = plain->ReadParameters();
    std::vector<double> expected(initial.begin(), initial.end());
    CHECK(model->ReadState().average == initial);
    for (std::uint64_t step = 1; step <= 10; ++step) {
      for (const auto& each : {model.get(), threaded.get(), plain.get()}) Train(*each, config, step, 1);
      const double t = static_cast<double>(step);
      const double decay = std::min(kDecay, (1.0 + t) / (10.0 + t));
      const std::vector<float> parameters = plain->ReadParameters();
      for (std::size_t i = 0; i < expected.size(); ++i) {
        expected[i] = decay * expected[i] + (1.0 - decay) * static_cast<double>(parameters[i]);
      }
    }
    const ModelState state = model->ReadState();
    CHECK(state.parameters == plain->ReadParameters());
    CHECK(state.average == threaded->ReadState().average);
    CHECK(plain->ReadState().average.empty());
    double farthest = 0.0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      REQUIRE(std::abs(static_cast<double>(state.average[i]) - expected[i]) <= 1e-6);
      farthest = std::max(farthest, std::abs(static_cast<double>(state.parameters[i]) - expected[i]));
    }
    CHECK(farthest > 1e-3);
  }
}

TEST_CASE("predictions are made with the average, between steps too, and steps go on with the parameters") {
  for (const CellType cell : kEveryCell) {
    // Every word rare, and every word so frequent that its sums are looked up.
    for (const int vocabulary : {15000, 6}) {
      CAPTURE(std::string(CellName(cell)));
      CAPTURE(vocabulary);
      ModelConfig config = Config(cell, kDecay);
      config.vocabulary = vocabulary;
      const auto model = Create(config);
      config.ema = 0.0;
      const auto plain = Create(config);
      const auto averaged = Create(config);
      const Batch seen = BatchOf(99, config);
      for (std::uint64_t step = 1; step <= 3; ++step) {
        Train(*model, config, step, 1);
        Train(*plain, config, step, 1);
        averaged->WriteParameters(model->ReadState().average);
        CHECK(model->Predict(seen, Cancellation{}) == averaged->Predict(seen, Cancellation{}));
        CHECK(model->Evaluate(seen, Cancellation{}).losses ==
              averaged->Evaluate(seen, Cancellation{}).losses);
        CHECK(model->Predict(seen, Cancellation{}) != plain->Predict(seen, Cancellation{}));
      }
      CHECK(model->ReadParameters() == plain->ReadParameters());
    }
  }
}

TEST_CASE("a state holds the average, and written parameters are their own average") {
  const ModelConfig config = Config(CellType::kGru, kDecay);
  const auto model = Create(config);
  Train(*model, config, 1, 3);
  const auto resumed = Create(config);
  resumed->WriteState(model->ReadState());
  Train(*model, config, 4, 3);
  Train(*resumed, config, 4, 3);
  CHECK(resumed->ReadState().average == model->ReadState().average);
  const Batch seen = BatchOf(99, config);
  CHECK(resumed->Predict(seen, Cancellation{}) == model->Predict(seen, Cancellation{}));
  const auto written = Create(config);
  written->WriteParameters(model->ReadParameters());
  CHECK(written->ReadState().average == model->ReadParameters());
}

// Buckets that nearly all steps leave alone, and steps enough for lags to be renewed several times where the
// decay is small.
TEST_CASE("the average of n-grams equals its formula in double in rows that steps leave alone, too") {
  for (const double decay : {0.02, kDecay, 0.9}) {
    CAPTURE(decay);
    ModelConfig config = testing::SmallConfig();
    config.buckets = 150;
    config.ema = decay;
    const auto model = Create(config, 1);
    const auto threaded = Create(config, 3);
    config.ema = 0.0;
    const auto plain = Create(config);
    const std::vector<float> initial = plain->ReadParameters();
    std::vector<double> expected(initial.begin(), initial.end());
    std::vector<float> average(initial.size());
    model->CopyAverage(average.data());
    CHECK(average == initial);
    const Batch seen = BatchOf(999, config);
    for (std::uint64_t step = 1; step <= 60; ++step) {
      for (const auto& each : {model.get(), threaded.get(), plain.get()}) Train(*each, config, step, 1);
      const double t = static_cast<double>(step);
      const double kept = std::min(decay, (1.0 + t) / (10.0 + t));
      const std::vector<float> parameters = plain->ReadParameters();
      for (std::size_t i = 0; i < expected.size(); ++i) {
        expected[i] = kept * expected[i] + (1.0 - kept) * static_cast<double>(parameters[i]);
      }
      // Looking at it between steps changes nothing.
      model->Predict(seen, Cancellation{});
      model->CopyAverage(average.data());
      for (std::size_t i = 0; i < expected.size(); ++i) {
        REQUIRE(std::abs(static_cast<double>(average[i]) - expected[i]) <= 1e-6);
      }
    }
    const ModelState state = model->ReadState();
    CHECK(state.parameters == plain->ReadParameters());
    CHECK(state.average == threaded->ReadState().average);
    const auto written = Create(config);
    written->WriteParameters(average);
    CHECK(model->Predict(seen, Cancellation{}) == written->Predict(seen, Cancellation{}));
    CHECK(model->Predict(seen, Cancellation{}) != plain->Predict(seen, Cancellation{}));
  }
}

TEST_CASE("a state read after any step goes on to the same average of n-grams, whatever was looked at") {
  ModelConfig config = testing::SmallConfig();
  config.buckets = 150;
  // Lags are renewed between these steps.
  config.ema = 0.02;
  const auto whole = Create(config);
  Train(*whole, config, 1, 40);
  const Batch seen = BatchOf(999, config);
  auto model = Create(config);
  for (std::uint64_t step = 1; step <= 40; ++step) {
    Train(*model, config, step, 1);
    model->Predict(seen, Cancellation{});
    const auto resumed = model->ReadState();
    model = Create(config, 1 + static_cast<int>(step % 3));
    model->WriteState(resumed);
  }
  CHECK(model->ReadState().average == whole->ReadState().average);
  CHECK(model->ReadState().parameters == whole->ReadState().parameters);
  CHECK(model->Predict(seen, Cancellation{}) == whole->Predict(seen, Cancellation{}));
}

TEST_CASE("an average takes one vector more, and none takes nothing") {
  const auto held = [](double ema) {
    const std::size_t before = BytesOfAllBlocks();
    const auto model = Create(Config(CellType::kGru, ema));
    const std::size_t bytes = BytesOfAllBlocks() - before;
    CHECK(model->HeldBytes() == bytes);
    return bytes;
  };
  const std::size_t parameters = Create(Config(CellType::kGru, 0.0))->ParameterCount();
  CHECK(held(kDecay) == held(0.0) + BytesOfBlock(parameters * sizeof(Scalar)));
}

}  // namespace advnative
