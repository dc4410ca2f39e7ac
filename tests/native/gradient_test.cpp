// The whole model in double against finite differences: every parameter, and the embedded tokens that the
// perturbation is made of.
#include <doctest/doctest.h>

#include <cmath>

#include "batch_maker.h"
#include "finite_differences.h"

namespace advnative {

namespace {

const std::vector<int> kLengths{3, 1, 5, 2};

// The options' loss at the model's current parameters.
double Loss(Classifier& model, const Batch& batch, const StepOptions& options) {
  return model.ComputeGradient(batch, options, 1, Cancellation{}).loss;
}

// Checks the gradient of every parameter.
void CheckParameters(Classifier& model, const Batch& batch, const StepOptions& options) {
  model.ComputeGradient(batch, options, 1, Cancellation{});
  const std::vector<double> gradient = model.backend().Gradient();
  std::vector<double> parameters = model.ReadParameters();
  for (const TensorInfo& tensor : model.tensors()) {
    testing::CheckGradient(tensor.name, parameters.data() + tensor.offset, gradient.data() + tensor.offset,
                           tensor.size, [&] {
                             model.WriteParameters(parameters);
                             return Loss(model, batch, options);
                           });
    model.WriteParameters(parameters);
  }
}

Classifier SmallModel(CellType cell = CellType::kGru) {
  return testing::MakeClassifier(testing::SmallConfig(cell));
}

// Biases away from zero, so that every path carries a gradient.
void Shake(Classifier& model) {
  std::vector<double> parameters = model.ReadParameters();
  const auto noise = testing::RandomNumbers(21, parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i] += 0.3 * noise[i];
  model.WriteParameters(parameters);
}

}  // namespace

TEST_CASE("every parameter's gradient of a vanilla step equals finite differences") {
  for (const CellType cell : kEveryCell) {
    CAPTURE(std::string(CellName(cell)));
    Classifier model = SmallModel(cell);
    Shake(model);
    const Batch batch = testing::RandomBatch(2, testing::SmallConfig(), kLengths);
    const StepOptions options = testing::VanillaOptions();
    CheckParameters(model, batch, options);
  }
}

TEST_CASE("every parameter's gradient under dropout equals finite differences with the same masks") {
  for (const CellType cell : kEveryCell) {
    CAPTURE(std::string(CellName(cell)));
    Classifier model = SmallModel(cell);
    Shake(model);
    const Batch batch = testing::RandomBatch(2, testing::SmallConfig(), {4, 6, 5, 6, 3});
    StepOptions options = testing::VanillaOptions();
    options.dropout_keep = 0.7;
    CheckParameters(model, batch, options);
  }
}

// Δ is a constant of the step, but it depends on the parameters through a sign, which finite differences
// cross only where a gradient vanishes; away from there the whole adversarial loss can be differenced as it
// stands.
TEST_CASE("every parameter's gradient of an adversarial step equals finite differences") {
  for (const CellType cell : kEveryCell) {
    for (const double alpha : {0.0, 0.3, 1.0}) {
      CAPTURE(std::string(CellName(cell)));
      CAPTURE(alpha);
      Classifier model = SmallModel(cell);
      Shake(model);
      const Batch batch = testing::RandomBatch(5, testing::SmallConfig(), kLengths);
      const StepOptions options = testing::AdversarialStepOptions(0.05, alpha);
      CheckParameters(model, batch, options);
    }
  }
}

// A random Δ depends on no parameter at all.
TEST_CASE("every parameter's gradient of a randomly perturbed step equals finite differences") {
  const std::vector<int> frequent{9, 4, 6, 5, 3, 7, 2, 5, 4};
  for (const CellType cell : kEveryCell) {
    for (const auto& lengths : {kLengths, frequent}) {
      for (const double alpha : {0.0, 0.3, 1.0}) {
        CAPTURE(std::string(CellName(cell)));
        CAPTURE(lengths.size());
        CAPTURE(alpha);
        Classifier model = SmallModel(cell);
        Shake(model);
        const Batch batch = testing::RandomBatch(5, testing::SmallConfig(), lengths);
        CheckParameters(model, batch, testing::RandomStepOptions(0.5, alpha));
      }
    }
  }
}

TEST_CASE("every parameter's gradient of a randomly perturbed model of all parts equals finite differences") {
  for (const CellType cell : kEveryCell) {
    for (const double alpha : {0.0, 0.3}) {
      CAPTURE(std::string(CellName(cell)));
      CAPTURE(alpha);
      ModelConfig config = testing::SmallConfig(cell);
      config.layers = 2;
      config.buckets = 6;
      config.pooling = {Pooling::kMax, Pooling::kAttention, Pooling::kLast, Pooling::kMean};
      Classifier model = testing::MakeClassifier(config);
      Shake(model);
      StepOptions options = testing::RandomStepOptions(0.5, alpha);
      options.dropout_keep = 0.7;
      options.unknown_rate = 0.3;
      CheckParameters(model, testing::RandomBatch(3, config, kLengths), options);
    }
  }
}

TEST_CASE("every parameter's gradient of the squared loss equals finite differences") {
  for (const CellType cell : kEveryCell) {
    for (const auto& options :
         {testing::VanillaOptions(), testing::AdversarialStepOptions(0.05, 0.3),
          testing::AdversarialStepOptions(0.05, 0.0), testing::RandomStepOptions(0.5, 0.3)}) {
      CAPTURE(std::string(CellName(cell)));
      CAPTURE(options.alpha);
      ModelConfig config = testing::SmallConfig(cell);
      config.loss = LossKind::kSquared;
      Classifier model = testing::MakeClassifier(config);
      Shake(model);
      CheckParameters(model, testing::RandomBatch(5, config, kLengths), options);
    }
  }
}

TEST_CASE("every parameter's gradient of a model that pools equals finite differences") {
  for (const CellType cell : kEveryCell) {
    for (const bool adversarial : {false, true}) {
      CAPTURE(std::string(CellName(cell)));
      CAPTURE(adversarial);
      ModelConfig config = testing::SmallConfig(cell);
      config.pooling = {Pooling::kMax, Pooling::kLast, Pooling::kMean};
      Classifier model = testing::MakeClassifier(config);
      Shake(model);
      const Batch batch = testing::RandomBatch(5, config, kLengths);
      const StepOptions options =
          adversarial ? testing::AdversarialStepOptions(0.05) : testing::VanillaOptions();
      CheckParameters(model, batch, options);
    }
  }
}

TEST_CASE("every parameter's gradient of a model that attends equals finite differences") {
  for (const CellType cell : kEveryCell) {
    for (const bool adversarial : {false, true}) {
      for (const std::int32_t layers : {1, 2}) {
        CAPTURE(std::string(CellName(cell)));
        CAPTURE(adversarial);
        CAPTURE(layers);
        ModelConfig config = testing::SmallConfig(cell);
        config.layers = layers;
        config.pooling = {Pooling::kAttention};
        if (adversarial)
          config.pooling = {Pooling::kMax, Pooling::kAttention, Pooling::kLast, Pooling::kMean};
        Classifier model = testing::MakeClassifier(config);
        Shake(model);
        const Batch batch = testing::RandomBatch(2, config, kLengths);
        StepOptions options =
            adversarial ? testing::AdversarialStepOptions(0.05, 0.3) : testing::VanillaOptions();
        if (layers > 1) options.dropout_keep = 0.7;
        CheckParameters(model, batch, options);
      }
    }
  }
}

TEST_CASE(
    "every parameter's gradient of several layers equals finite differences, with dropout between them too") {
  for (const CellType cell : kEveryCell) {
    for (const double keep : {1.0, 0.7}) {
      for (const bool adversarial : {false, true}) {
        CAPTURE(std::string(CellName(cell)));
        CAPTURE(keep);
        CAPTURE(adversarial);
        ModelConfig config = testing::SmallConfig(cell);
        config.layers = 3;
        config.pooling = {Pooling::kLast, Pooling::kMax};
        Classifier model = testing::MakeClassifier(config);
        Shake(model);
        const Batch batch = testing::RandomBatch(5, config, {4, 2, 3, 1});
        StepOptions options = adversarial ? testing::AdversarialStepOptions(0.05) : testing::VanillaOptions();
        options.dropout_keep = keep;
        CheckParameters(model, batch, options);
      }
    }
  }
}

// Words that stand in the batch often go other ways: looked-up input sums, gradients summed by word.
TEST_CASE("every parameter's gradient with frequent words equals finite differences") {
  // Two slices, whose sums by word are added.
  const std::vector<int> lengths{9, 4, 6, 5, 3, 7, 2, 5, 4};
  const ModelConfig config = testing::SmallConfig();
  for (const CellType cell : kEveryCell) {
    for (const bool adversarial : {false, true}) {
      CAPTURE(std::string(CellName(cell)));
      CAPTURE(adversarial);
      Classifier model = SmallModel(cell);
      Shake(model);
      const Batch batch = testing::RandomBatch(3, config, lengths);
      REQUIRE(batch.ids.size() >= 4 * static_cast<std::size_t>(config.vocabulary));
      const StepOptions options =
          adversarial ? testing::AdversarialStepOptions(0.05) : testing::VanillaOptions();
      CheckParameters(model, batch, options);
    }
  }
}

TEST_CASE(
    "every parameter's gradient of words with n-grams equals finite differences, own and n-grams' alike") {
  const std::vector<int> frequent{9, 4, 6, 5, 3, 7, 2, 5, 4};
  for (const CellType cell : kEveryCell) {
    for (const auto& lengths : {kLengths, frequent}) {
      for (const bool adversarial : {false, true}) {
        CAPTURE(std::string(CellName(cell)));
        CAPTURE(lengths.size());
        CAPTURE(adversarial);
        ModelConfig config = testing::SmallConfig(cell);
        config.buckets = 6;
        Classifier model = testing::MakeClassifier(config);
        Shake(model);
        const Batch batch = testing::RandomBatch(2, config, lengths);
        StepOptions options = adversarial ? testing::AdversarialStepOptions(0.05) : testing::VanillaOptions();
        options.unknown_rate = adversarial ? 0.3 : 0.0;
        CheckParameters(model, batch, options);
      }
    }
  }
}

TEST_CASE("the gradient of the embedded tokens equals finite differences, token by token") {
  const ModelConfig config = testing::SmallConfig();
  // Each token gets a row of its own in the table, so that differences of rows are differences of embedded
  // tokens.
  Batch batch = testing::RandomBatch(2, config, kLengths);
  for (std::size_t i = 0; i < batch.ids.size(); ++i) batch.ids[i] = static_cast<std::int32_t>(i);
  REQUIRE(batch.ids.size() == static_cast<std::size_t>(config.vocabulary));
  for (const CellType cell : kEveryCell) {
    CAPTURE(std::string(CellName(cell)));
    Classifier model = SmallModel(cell);
    Shake(model);
    const StepOptions options = testing::VanillaOptions();
    Loss(model, batch, options);
    const std::vector<double> gradient = model.backend().TokenGradient();
    std::vector<double> parameters = model.ReadParameters();
    testing::CheckGradient("embedded tokens", parameters.data(), gradient.data(), gradient.size(), [&] {
      model.WriteParameters(parameters);
      return Loss(model, batch, options);
    });
  }
}

}  // namespace advnative
