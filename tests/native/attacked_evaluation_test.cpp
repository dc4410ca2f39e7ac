#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "batch_maker.h"

namespace advnative {

namespace {

constexpr double kEpsilon = 0.25;
constexpr std::uint64_t kDraw = 7;

const std::vector<Attack>& Attacks() {
  static const std::vector<Attack> attacks{
      FastGradientSign{0.0, EpsilonUnit::kAbsolute}, FastGradientSign{kEpsilon, EpsilonUnit::kAbsolute},
      RandomSign{kEpsilon, EpsilonUnit::kAbsolute}, FastGradientSign{0.5, EpsilonUnit::kStandardDeviation},
      RandomSign{0.5, EpsilonUnit::kStandardDeviation}};
  return attacks;
}

Batch Texts(const ModelConfig& config) { return testing::RandomBatch(4, config, {3, 9, 1, 5, 28, 2}); }

StepOptions StepUnder(const Attack& attack) {
  StepOptions options = testing::AdversarialStepOptions(0.0);
  options.attack = attack;
  return options;
}

ModelConfig WithSubwords(CellType cell) {
  ModelConfig config = testing::SmallConfig(cell);
  config.buckets = 40;
  return config;
}

}  // namespace

TEST_CASE("an attacked evaluation gives the losses of a training step under each attack, bit for bit") {
  for (const CellType cell : kEveryCell) {
    for (const ModelConfig& config : {testing::SmallConfig(cell), WithSubwords(cell)}) {
      CAPTURE(std::string(CellName(cell)));
      CAPTURE(config.buckets);
      const Batch batch = Texts(config);
      Classifier model = testing::MakeClassifier(config);
      const AttackedEvaluation evaluation = model.EvaluateUnder(batch, Attacks(), kDraw, Cancellation{});
      REQUIRE(evaluation.attacks.size() == Attacks().size());
      for (std::size_t i = 0; i < Attacks().size(); ++i) {
        CAPTURE(i);
        const StepResult step = model.ComputeGradient(batch, StepUnder(Attacks()[i]), kDraw, Cancellation{});
        CHECK(evaluation.loss == step.clean_loss);
        CHECK(evaluation.correct == step.correct);
        CHECK(evaluation.attacks[i].loss == step.adversarial_loss);
        CHECK(evaluation.attacks[i].epsilon == step.epsilon);
      }
      CHECK(evaluation.attacks[0].loss == evaluation.loss);
      CHECK(evaluation.attacks[0].correct == evaluation.correct);
      // What the attacks do is no rounding.
      CHECK(evaluation.attacks[1].loss > evaluation.loss + 1e-3);
      CHECK(std::abs(evaluation.attacks[2].loss - evaluation.loss) > 1e-4);
      CHECK(evaluation.attacks[1].loss > evaluation.attacks[2].loss);
    }
  }
}

TEST_CASE("an attacked evaluation counts texts whose perturbed logits are largest at their label") {
  const ModelConfig config = testing::SmallConfig();
  const Batch batch = Texts(config);
  Classifier model = testing::MakeClassifier(config);
  const auto far =
      model.EvaluateUnder(batch, {FastGradientSign{4.0, EpsilonUnit::kAbsolute}}, kDraw, Cancellation{});
  const Evaluation evaluation = model.Evaluate(batch, Cancellation{});
  std::int64_t correct = 0;
  for (std::size_t b = 0; b < batch.size(); ++b) correct += evaluation.predictions[b] == batch.labels[b];
  CHECK(far.correct == correct);
  CHECK(far.correct > 0);
  CHECK(far.attacks[0].correct < far.correct);
}

TEST_CASE("an attacked evaluation leaves the model as it was and goes by the parameters that steps change") {
  ModelConfig config = testing::SmallConfig();
  config.ema = 0.9;
  const Batch batch = Texts(config);
  Classifier model = testing::MakeClassifier(config);
  const StepOptions options = testing::AdversarialStepOptions(kEpsilon);
  for (int step = 0; step < 5; ++step) model.TrainStep(batch, options, Cancellation{});
  const ModelState before = model.ReadState();
  const AttackedEvaluation evaluation = model.EvaluateUnder(batch, Attacks(), kDraw, Cancellation{});
  const ModelState after = model.ReadState();
  CHECK(after.step == before.step);
  CHECK(after.parameters == before.parameters);
  CHECK(after.first_moment == before.first_moment);
  CHECK(after.second_moment == before.second_moment);
  CHECK(after.average == before.average);
  CHECK(evaluation.loss == model.ComputeGradient(batch, options, kDraw, Cancellation{}).clean_loss);
  CHECK(model.EvaluateUnder(batch, Attacks(), kDraw, Cancellation{}).attacks[2].loss ==
        evaluation.attacks[2].loss);
  CHECK(model.EvaluateUnder(batch, Attacks(), kDraw + 1, Cancellation{}).attacks[2].loss !=
        evaluation.attacks[2].loss);
}

TEST_CASE("an attacked evaluation of a model that overflows is refused") {
  const ModelConfig config = testing::SmallConfig();
  Classifier model = testing::MakeClassifier(config);
  model.WriteParameters(std::vector<Scalar>(model.ParameterCount(), Scalar(3e38)));
  const Error error =
      testing::ErrorOf([&] { model.EvaluateUnder(Texts(config), Attacks(), kDraw, Cancellation{}); });
  CHECK(error.code() == ErrorCode::kNotFinite);
}

TEST_SUITE("threads") {
  TEST_CASE("an attacked evaluation gives the same bits for 1 and 3 threads") {
    const ModelConfig config = testing::SmallConfig();
    const Batch batch = Texts(config);
    const auto losses = [&](int threads) {
      std::vector<double> all;
      for (const AttackResult& attacked : CreateModel(config, testing::OnCpu(threads))
                                              ->EvaluateUnder(batch, Attacks(), kDraw, Cancellation{})
                                              .attacks) {
        all.push_back(attacked.loss);
      }
      return all;
    };
    CHECK(losses(3) == losses(1));
  }
}

}  // namespace advnative
