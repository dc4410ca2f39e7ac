// What a training step promises as a whole.
#include "model/model.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

#include "batch_maker.h"
#include "model/option_limits.h"

namespace advnative {

using testing::AdversarialStepOptions;
using testing::VanillaOptions;

namespace {

ModelConfig Config(CellType cell = CellType::kGru) {
  return {.cell = cell,
          .vocabulary = 50,
          .embedding = 20,
          .hidden = 33,
          .mlp = 17,
          .classes = 5,
          .unknown_id = 0,
          .embedding_range = 1.0,
          .seed = 11};
}

std::unique_ptr<Model> Create(CellType cell = CellType::kGru, int threads = 2) {
  return CreateModel(Config(cell), testing::OnCpu(threads));
}

// Words and classes are as many for every cell.
Batch RandomBatch(std::uint64_t seed, const std::vector<int>& lengths) {
  return testing::RandomBatch(seed, Config(), lengths);
}

std::vector<int> RaggedLengths(int texts) {
  std::vector<int> lengths;
  for (int i = 0; i < texts; ++i) lengths.push_back(1 + (i * 13) % 29);
  return lengths;
}

std::vector<float> ParametersAfter(int threads, const StepOptions& options, int steps,
                                   CellType cell = CellType::kGru) {
  const auto model = Create(cell, threads);
  for (int step = 0; step < steps; ++step) {
    model->TrainStep(RandomBatch(static_cast<std::uint64_t>(step), RaggedLengths(70)), options,
                     Cancellation{});
  }
  return model->ReadParameters();
}

StepOptions EverythingOptions() {
  StepOptions options = AdversarialStepOptions(0.05);
  options.dropout_keep = 0.5;
  options.unknown_rate = 0.1;
  options.clip_norm = 1.0;
  return options;
}

}  // namespace

TEST_CASE("a device that this build lacks is refused") {
  const Error error = testing::ErrorOf([] { CreateModel(Config(), Cuda{1}); });
  CHECK(error.code() == ErrorCode::kUnsupported);
  CHECK(std::string(error.what()).find("cuda:1") != std::string::npos);
}

TEST_CASE("training gives the same bits for 1, 2 and 3 threads") {
  for (const CellType cell : kEveryCell) {
    for (const StepOptions& options : {VanillaOptions(), AdversarialStepOptions(0.05), EverythingOptions()}) {
      CAPTURE(std::string(CellName(cell)));
      const auto expected = ParametersAfter(1, options, 4, cell);
      CHECK(ParametersAfter(2, options, 4, cell) == expected);
      CHECK(ParametersAfter(3, options, 4, cell) == expected);
    }
  }
}

TEST_CASE("epsilon 0 equals vanilla training to float accuracy, and epsilon above 0 does not") {
  const auto vanilla = ParametersAfter(2, VanillaOptions(), 3);
  const auto same = ParametersAfter(2, AdversarialStepOptions(0.0), 3);
  const auto other = ParametersAfter(2, AdversarialStepOptions(0.05), 3);
  double other_difference = 0.0;
  for (std::size_t i = 0; i < vanilla.size(); ++i) {
    // Adam divides by the root of the gradient's own size, so that rounding of tiny gradients shows at 1e-4
    // of a step.
    REQUIRE(std::abs(static_cast<double>(vanilla[i]) - static_cast<double>(same[i])) <= 1e-5);
    other_difference =
        std::max(other_difference, std::abs(static_cast<double>(vanilla[i]) - static_cast<double>(other[i])));
  }
  CHECK(other_difference > 1e-3);
}

TEST_CASE("the adversarial loss is above the clean one for small epsilon, and grows with it") {
  const Batch batch = RandomBatch(3, RaggedLengths(20));
  Classifier classifier = testing::MakeClassifier(Config());
  double last = 0.0;
  for (const double epsilon : {0.001, 0.01, 0.05}) {
    const StepResult result =
        classifier.ComputeGradient(batch, AdversarialStepOptions(epsilon), 1, Cancellation{});
    const double growth = result.adversarial_loss - result.clean_loss;
    CHECK(growth > last);
    CHECK(result.epsilon == epsilon);
    CHECK(std::abs(result.loss - 0.5 * (result.clean_loss + result.adversarial_loss)) < 1e-12);
    last = growth;
  }
}

// A gradient that is scaled before its sign is taken is 0 for a small α, and so would be the perturbation.
TEST_CASE("the perturbation does not depend on alpha") {
  for (const CellType cell : kEveryCell) {
    CAPTURE(std::string(CellName(cell)));
    Classifier classifier = testing::MakeClassifier(Config(cell));
    for (const Batch& batch : {RandomBatch(3, RaggedLengths(20)), RandomBatch(4, {300})}) {
      const auto loss = [&](double alpha) {
        return classifier.ComputeGradient(batch, AdversarialStepOptions(0.05, alpha), 1, Cancellation{})
            .adversarial_loss;
      };
      const double expected = loss(0.5);
      CHECK(expected > loss(1.0) - 1e-9);
      for (const double alpha : {0.0, 1e-36, 1e-30, 0.3, 0.999, 1.0}) {
        CAPTURE(alpha);
        CHECK(loss(alpha) == expected);
      }
    }
  }
}

TEST_CASE("a small alpha trains like alpha 0, to float accuracy") {
  Classifier classifier = testing::MakeClassifier(Config());
  const Batch batch = RandomBatch(3, RaggedLengths(20));
  const auto gradient = [&](double alpha) {
    classifier.ComputeGradient(batch, AdversarialStepOptions(0.05, alpha), 1, Cancellation{});
    return classifier.backend().Gradient();
  };
  CHECK(gradient(1e-36) == gradient(0.0));
}

// α = 0 leaves out the clean pass's gradients of the parameters; with an α this small they are made, and then
// scaled to nothing.
TEST_CASE(
    "alpha 0 gives the gradient of the perturbed pass, bit for bit, whatever the clean pass leaves out") {
  for (const CellType cell : kEveryCell) {
    CAPTURE(std::string(CellName(cell)));
    Classifier classifier = testing::MakeClassifier(Config(cell));
    for (const Batch& batch : {RandomBatch(3, RaggedLengths(70)), RandomBatch(4, {300})}) {
      for (const double keep : {1.0, 0.5}) {
        CAPTURE(keep);
        const auto gradient = [&](double alpha) {
          StepOptions options = AdversarialStepOptions(0.05, alpha);
          options.dropout_keep = keep;
          classifier.ComputeGradient(batch, options, 1, Cancellation{});
          return classifier.backend().Gradient();
        };
        const std::vector<float> expected = gradient(1.2e-38);
        CHECK(expected != std::vector<float>(expected.size(), 0.0f));
        CHECK(gradient(0.0) == expected);
      }
    }
  }
}

TEST_CASE("an epsilon that is 0 or infinite in float is refused with the model as it was") {
  const auto model = Create();
  const Batch batch = RandomBatch(1, RaggedLengths(4));
  const auto before = model->ReadParameters();
  for (const double epsilon : {1.2e-38, 1e300}) {
    StepOptions options = AdversarialStepOptions(epsilon, 0.5, EpsilonUnit::kStandardDeviation);
    const Error error = testing::ErrorOf([&] { model->TrainStep(batch, options, Cancellation{}); });
    CHECK(error.code() == ErrorCode::kInvalidArgument);
    CHECK(model->step() == 0);
    CHECK(model->ReadParameters() == before);
  }
}

// The greatest learning rate with the greatest moments: see model/option_limits.h.
TEST_CASE("no update leaves float's range") {
  const auto model = Create();
  const Batch batch = RandomBatch(1, {3, 5});
  StepOptions options = VanillaOptions();
  options.learning_rate = kMostLearningRate;
  ModelState state = model->ReadState();
  std::fill(state.first_moment.begin(), state.first_moment.end(), static_cast<float>(kMostMoment));
  model->WriteState(state);
  model->TrainStep(batch, options, Cancellation{});
  // Adam goes on with the moments alone where no gradient can be computed any more.
  for (const float parameter : model->ReadParameters()) REQUIRE(std::isfinite(parameter));
}

TEST_CASE("epsilon in standard deviations counts the table's own") {
  Classifier classifier = testing::MakeClassifier(Config());
  const Batch batch = RandomBatch(3, {4, 4});
  StepOptions options = AdversarialStepOptions(0.1, 0.5, EpsilonUnit::kStandardDeviation);
  const StepResult result = classifier.ComputeGradient(batch, options, 1, Cancellation{});
  // Uniform in (−1, 1): 1/√3.
  CHECK(std::abs(classifier.EmbeddingStandardDeviation() - 1.0 / std::sqrt(3.0)) < 0.02);
  CHECK(result.epsilon == 0.1 * classifier.EmbeddingStandardDeviation());
}

TEST_CASE("a text's logits are the same bits alone, in any batch and after training batches") {
  const auto model = Create();
  const Batch batch = RandomBatch(7, RaggedLengths(70));
  const auto logits = model->Predict(batch, Cancellation{});
  for (std::size_t text = 0; text < batch.size(); ++text) {
    Batch alone;
    alone.ids.assign(batch.ids.begin() + batch.offsets[text], batch.ids.begin() + batch.offsets[text + 1]);
    alone.offsets = {0, static_cast<std::int32_t>(alone.ids.size())};
    const auto single = model->Predict(alone, Cancellation{});
    for (std::size_t c = 0; c < 5; ++c) REQUIRE(single[c] == logits[text * 5 + c]);
  }
}

TEST_CASE("a model of the squared loss begins with the same weights, and evaluates and trains by it") {
  ModelConfig config = Config();
  config.loss = LossKind::kSquared;
  const Batch batch = RandomBatch(3, RaggedLengths(70));
  const auto trained = [&](int threads) {
    const auto model = CreateModel(config, testing::OnCpu(threads));
    CHECK(model->ReadParameters() == Create()->ReadParameters());
    StepOptions options = EverythingOptions();
    double first = 0.0;
    for (int step = 0; step < 20; ++step) {
      const double loss = model->TrainStep(batch, options, Cancellation{}).clean_loss;
      if (step == 0) first = loss;
      CHECK(loss > 0.0);
      CHECK(loss < 1.0);
    }
    const Evaluation evaluation = model->Evaluate(batch, Cancellation{});
    const auto logits = model->Predict(batch, Cancellation{});
    double mean = 0.0;
    for (std::size_t b = 0; b < batch.size(); ++b) {
      double sum = 0.0;
      for (std::size_t c = 0; c < 5; ++c) {
        const double sigmoid = 1.0 / (1.0 + std::exp(-static_cast<double>(logits[b * 5 + c])));
        const double wanted = static_cast<std::int32_t>(c) == batch.labels[b] ? 1.0 : 0.0;
        sum += (sigmoid - wanted) * (sigmoid - wanted);
      }
      REQUIRE(std::abs(evaluation.losses[b] - sum / 5.0) < 1e-9);
      mean += sum / 5.0 / static_cast<double>(batch.size());
    }
    CHECK(mean < first);
    return model->ReadParameters();
  };
  const auto expected = trained(1);
  CHECK(trained(2) == expected);
  CHECK(trained(3) == expected);
}

TEST_CASE("evaluation agrees with the logits and leaves the model as it was") {
  const auto model = Create();
  const Batch batch = RandomBatch(7, RaggedLengths(9));
  const auto before = model->ReadParameters();
  const Evaluation evaluation = model->Evaluate(batch, Cancellation{});
  const auto logits = model->Predict(batch, Cancellation{});
  for (std::size_t b = 0; b < batch.size(); ++b) {
    double sum = 0.0;
    std::size_t best = 0;
    for (std::size_t c = 0; c < 5; ++c) {
      sum += std::exp(static_cast<double>(logits[b * 5 + c]));
      if (logits[b * 5 + c] > logits[b * 5 + best]) best = c;
    }
    const double expected =
        std::log(sum) - static_cast<double>(logits[b * 5 + static_cast<std::size_t>(batch.labels[b])]);
    CHECK(std::abs(evaluation.losses[b] - expected) < 1e-6);
    CHECK(evaluation.predictions[b] == static_cast<std::int32_t>(best));
  }
  CHECK(model->ReadParameters() == before);
  CHECK(model->step() == 0);
}

TEST_CASE("a state written back continues to the same bits") {
  const auto model = Create();
  const Batch batch = RandomBatch(1, RaggedLengths(40));
  for (int step = 0; step < 2; ++step) model->TrainStep(batch, EverythingOptions(), Cancellation{});
  const auto resumed = Create();
  resumed->WriteState(model->ReadState());
  model->TrainStep(batch, EverythingOptions(), Cancellation{});
  resumed->TrainStep(batch, EverythingOptions(), Cancellation{});
  CHECK(model->ReadParameters() == resumed->ReadParameters());
  CHECK(model->ReadState().second_moment == resumed->ReadState().second_moment);
  CHECK(resumed->step() == 3);
}

TEST_CASE("dropout and unknown replacement change from step to step") {
  Classifier classifier = testing::MakeClassifier(Config());
  const Batch batch = RandomBatch(3, RaggedLengths(20));
  StepOptions dropout = VanillaOptions();
  dropout.dropout_keep = 0.5;
  StepOptions replaced = VanillaOptions();
  replaced.unknown_rate = 0.3;
  for (const StepOptions& options : {dropout, replaced}) {
    const double first = classifier.ComputeGradient(batch, options, 1, Cancellation{}).clean_loss;
    CHECK(classifier.ComputeGradient(batch, options, 1, Cancellation{}).clean_loss == first);
    CHECK(classifier.ComputeGradient(batch, options, 2, Cancellation{}).clean_loss != first);
  }
}

TEST_CASE("a loss that is not finite names step and tensor and applies no update") {
  const auto model = Create();
  const Batch batch = RandomBatch(1, RaggedLengths(4));
  auto parameters = model->ReadParameters();
  const TensorInfo& bias = model->tensors()[7];
  REQUIRE(bias.name == "gru.reverse.bias");
  parameters[bias.offset] = std::numeric_limits<float>::quiet_NaN();
  model->WriteParameters(parameters);
  const Error error = testing::ErrorOf([&] { model->TrainStep(batch, VanillaOptions(), Cancellation{}); });
  CHECK(error.code() == ErrorCode::kNotFinite);
  CHECK(std::string(error.what()).find("step 1") != std::string::npos);
  CHECK(std::string(error.what()).find("gru.reverse.bias") != std::string::npos);
  CHECK(model->step() == 0);
  CHECK(model->ReadParameters()[0] == parameters[0]);
  CHECK(model->ReadState().first_moment[0] == 0.0f);
}

TEST_CASE("one text, one token, and long texts work") {
  const auto model = Create();
  const Batch single = RandomBatch(1, {1});
  CHECK(std::isfinite(model->TrainStep(single, EverythingOptions(), Cancellation{}).loss));
  const Batch lengthy = RandomBatch(1, {2000, 1, 400});
  CHECK(std::isfinite(model->TrainStep(lengthy, EverythingOptions(), Cancellation{}).loss));
}

TEST_SUITE("threads") {
  TEST_CASE(
      "a small batch after a large one takes what is counted, and gives the same bits on many threads") {
    const auto after = [](CellType cell, int threads) {
      const auto model = Create(cell, threads);
      model->Predict(RandomBatch(1, RaggedLengths(70)), Cancellation{});
      for (const StepOptions& options : {VanillaOptions(), AdversarialStepOptions(0.05)}) {
        const Batch batch = RandomBatch(2, std::vector<int>(4, 100));
        REQUIRE(4 * static_cast<std::size_t>(Config().vocabulary) <= batch.ids.size());
        const std::size_t held = model->HeldBytes();
        const std::size_t counted = model->BytesFor(batch.offsets, &options);
        model->TrainStep(batch, options, Cancellation{});
        CHECK(model->HeldBytes() <= held + counted);
      }
      return model->ReadParameters();
    };
    for (const CellType cell : kEveryCell) {
      CAPTURE(std::string(CellName(cell)));
      CHECK(after(cell, 8) == after(cell, 1));
    }
  }

  TEST_CASE("a cancelled step ends soon and leaves the model as it was") {
    const auto model = Create();
    const Batch batch = RandomBatch(1, std::vector<int>(64, 3000));
    const auto before = model->ReadParameters();
    Cancellation cancellation;
    std::thread canceller([&cancellation] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      cancellation.Request();
    });
    const Error error = testing::ErrorOf([&] { model->TrainStep(batch, VanillaOptions(), cancellation); });
    canceller.join();
    CHECK(error.code() == ErrorCode::kCancelled);
    CHECK(model->ReadParameters() == before);
    CHECK(model->step() == 0);
    CHECK(std::isfinite(model->TrainStep(RandomBatch(1, {3}), VanillaOptions(), Cancellation{}).loss));
  }
}

}  // namespace advnative
