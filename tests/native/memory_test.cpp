// What is counted before a call is what the call then holds, and what is held falls again.
#include <doctest/doctest.h>

#include <cmath>

#include "base/memory_block.h"
#include "batch_maker.h"
#include "cpu/backend.h"

namespace advnative {

using testing::AdversarialStepOptions;
using testing::RandomBatch;
using testing::RandomStepOptions;
using testing::VanillaOptions;

namespace {

ModelConfig Config(CellType cell, int vocabulary, int hidden) {
  return {.cell = cell,
          .vocabulary = vocabulary,
          .embedding = 30,
          .hidden = hidden,
          .mlp = 19,
          .classes = 3,
          .unknown_id = 0,
          .embedding_range = 1.0,
          .seed = 11};
}

std::vector<StepOptions> EveryKindOfStep() {
  StepOptions dropout = VanillaOptions();
  dropout.dropout_keep = 0.5;
  StepOptions both = AdversarialStepOptions(0.05);
  both.dropout_keep = 0.5;
  StepOptions random_both = RandomStepOptions(0.05, 0.0);
  random_both.dropout_keep = 0.5;
  return {VanillaOptions(),
          dropout,
          AdversarialStepOptions(0.05),
          AdversarialStepOptions(0.05, 0.0),
          both,
          RandomStepOptions(0.05),
          RandomStepOptions(0.05, 0.0),
          random_both};
}

// Few texts, a slice and a little, several slices; short, ragged and long. Under a sanitizer, which makes
// these minutes long and sees the same buffers in the small ones, the first three.
std::vector<std::vector<int>> Shapes() {
#ifdef __SANITIZE_ADDRESS__
  return {{1}, {3, 40}, std::vector<int>(33, 20)};
#else
  std::vector<int> ragged;
  for (int i = 0; i < 75; ++i) ragged.push_back(1 + (i * 13) % 97);
  return {{1}, {3, 40}, std::vector<int>(33, 20), ragged, std::vector<int>(8, 300)};
#endif
}

// The count is never less than what is taken, and little more.
void CheckCount(std::size_t counted, std::size_t taken) {
  CAPTURE(counted);
  CAPTURE(taken);
  CHECK(counted >= taken);
  CHECK(static_cast<double>(counted) <= 1.2 * static_cast<double>(taken) + 8192.0);
}

}  // namespace

TEST_CASE("what is counted for a call is what its buffers take") {
  for (const CellType cell : kEveryCell) {
    // Every word rare, and every word frequent.
    for (const int vocabulary : {3000, 12}) {
      for (const auto& lengths : Shapes()) {
        ModelConfig config = Config(cell, vocabulary, 50);
        // What pools needs the states of all tokens.
        if (cell == CellType::kLstm) config.pooling = {Pooling::kMax, Pooling::kAttention, Pooling::kMean};
        if (cell == CellType::kGruCho) config.layers = 2;
        const Batch batch = RandomBatch(1, config, lengths);
        CAPTURE(std::string(CellName(cell)));
        CAPTURE(vocabulary);
        CAPTURE(lengths.size());
        for (const StepOptions& options : EveryKindOfStep()) {
          CAPTURE(options.dropout_keep);
          CAPTURE(options.attack ? static_cast<int>(options.attack->index()) : -1);
          CAPTURE(options.alpha);
          const std::size_t before = BytesOfAllBlocks();
          Classifier model = testing::MakeClassifier(config);
          const std::size_t made = BytesOfAllBlocks();
          const std::size_t counted = model.BytesFor(batch.offsets, &options);
          CHECK(BytesOfAllBlocks() == made);
          model.ComputeGradient(batch, options, 1, Cancellation{});
          CheckCount(counted, BytesOfAllBlocks() - made);
          CHECK(model.HeldBytes() == BytesOfAllBlocks() - before);
          // What is there already is not counted again.
          CHECK(model.BytesFor(batch.offsets, &options) < 8192 + batch.ids.size() * 40);
        }
        Classifier model = testing::MakeClassifier(config);
        const std::size_t made = BytesOfAllBlocks();
        const std::size_t counted = model.BytesFor(batch.offsets, nullptr);
        model.Evaluate(batch, Cancellation{});
        CheckCount(counted, BytesOfAllBlocks() - made);
      }
    }
  }
}

TEST_CASE("what is counted for a model is what it takes once its weights are packed") {
  for (const CellType cell : kEveryCell) {
    for (const int hidden : {48, 64, 300}) {
      for (const int vocabulary : {40, 20000}) {
        CAPTURE(std::string(CellName(cell)));
        CAPTURE(hidden);
        ModelConfig config = Config(cell, vocabulary, hidden);
        if (cell == CellType::kLstm) config.ema = 0.9;
        if (cell == CellType::kGruCho) config.pooling = {Pooling::kAttention};
        const std::size_t before = BytesOfAllBlocks();
        Classifier model = testing::MakeClassifier(config);
        const std::size_t made = BytesOfAllBlocks() - before;
        const std::size_t counted = CpuBackend::ModelBytes(config, testing::OnCpu());
        CHECK(counted > made);
        // Packs the weights; beside them a token takes little.
        model.Evaluate(RandomBatch(1, config, {1}), Cancellation{});
        CheckCount(counted + 32768, BytesOfAllBlocks() - before);
      }
    }
  }
}

TEST_CASE("buffers that one huge batch made do not stay, and those of usual batches do") {
  const ModelConfig config = Config(CellType::kGru, 3000, 60);
  const auto model = CreateModel(config, testing::OnCpu());
  const Batch usual = RandomBatch(1, config, std::vector<int>(40, 200));
  const Batch ragged = RandomBatch(2, config, std::vector<int>(40, 10));
  const Batch huge = RandomBatch(3, config, std::vector<int>(400, 400));
  const auto step = [&model](const Batch& batch) {
    model->TrainStep(batch, VanillaOptions(), Cancellation{});
    return model->HeldBytes();
  };
  step(usual);
  const std::size_t held = step(usual);
  const StepOptions options = VanillaOptions();
  REQUIRE(model->BytesFor(huge.offsets, &options) > (std::size_t{64} << 20));
  CHECK(step(huge) < held);
  CHECK(step(usual) == held);
  // A batch that comes again is no exception any more.
  CHECK(step(huge) > 4 * held);
  CHECK(step(ragged) > 4 * held);
  // Unless it stays away.
  std::size_t last = 0;
  for (int i = 0; i < 70; ++i) last = step(ragged);
  CHECK(last < held);
  CHECK(std::isfinite(model->TrainStep(usual, VanillaOptions(), Cancellation{}).loss));
}

TEST_CASE("giving buffers back changes no bit") {
  const ModelConfig config = Config(CellType::kGruCho, 12, 60);
  const Batch usual = RandomBatch(1, config, std::vector<int>(40, 50));
  const Batch huge = RandomBatch(3, config, std::vector<int>(400, 150));
  const auto parameters = [&](bool hold) {
    Classifier model = testing::MakeClassifier(config);
    for (const Batch* batch : {&usual, &huge, &usual}) {
      if (hold) model.ComputeGradient(huge, VanillaOptions(), 99, Cancellation{});
      model.TrainStep(*batch, VanillaOptions(), Cancellation{});
    }
    return model.ReadParameters();
  };
  CHECK(parameters(true) == parameters(false));
}

}  // namespace advnative
