#include "batch_maker.h"

#include <algorithm>
#include <cmath>

#include "cpu/create_backend.h"

namespace advnative::testing {

std::vector<Scalar> RandomNumbers(std::uint64_t seed, std::size_t size) {
  const Philox random(seed, RandomStream::kInitialization, 77);
  std::vector<Scalar> numbers(size);
  for (std::size_t i = 0; i < size; ++i) numbers[i] = static_cast<Scalar>(2.0 * random.Uniform(i) - 1.0);
  return numbers;
}

const KernelTable& Kernels() { return KernelsFor(ChooseInstructionSet()); }

Cpu OnCpu(int threads) { return {threads, ChooseInstructionSet()}; }

Classifier MakeClassifier(const ModelConfig& config) {
  return Classifier(config, CreateCpuBackend(config, OnCpu()));
}

ModelConfig SmallConfig(CellType cell) {
  return {.cell = cell,
          .vocabulary = 11,
          .embedding = 5,
          .hidden = 6,
          .mlp = 7,
          .classes = 3,
          .unknown_id = 0,
          .embedding_range = 1.0,
          .seed = 3};
}

namespace {

BatchWords RandomWords(const Philox& random, std::uint64_t draw, const ModelConfig& config) {
  const auto below = [&](std::int32_t bound) {
    return static_cast<std::int32_t>(random.Uniform(draw++) * bound);
  };
  BatchWords words{{}, {0}, {}};
  for (std::int32_t u = 0; u < config.vocabulary; ++u) {
    words.ids.push_back(below(config.vocabulary));
    for (std::int32_t count = below(5); count > 0; --count) words.buckets.push_back(below(config.buckets));
    words.offsets.push_back(static_cast<std::int32_t>(words.buckets.size()));
  }
  return words;
}

}  // namespace

Batch RandomBatch(std::uint64_t seed, const ModelConfig& config, const std::vector<int>& lengths) {
  const Philox random(seed, RandomStream::kInitialization, 78);
  Batch batch;
  batch.offsets.push_back(0);
  std::uint64_t draw = 0;
  for (const int length : lengths) {
    for (int t = 0; t < length; ++t) {
      batch.ids.push_back(static_cast<std::int32_t>(random.Uniform(draw++) * config.vocabulary));
    }
    batch.offsets.push_back(static_cast<std::int32_t>(batch.ids.size()));
    batch.labels.push_back(static_cast<std::int32_t>(random.Uniform(draw++) * config.classes));
  }
  if (config.buckets > 0) batch.words = RandomWords(random, draw, config);
  return batch;
}

StepOptions VanillaOptions() {
  return {.learning_rate = 0.01,
          .dropout_keep = 1.0,
          .unknown_rate = 0.0,
          .clip_norm = 0.0,
          .weight_decay = 0.0,
          .attack = {},
          .alpha = 0.0};
}

StepOptions AdversarialStepOptions(double epsilon, double alpha, EpsilonUnit unit) {
  StepOptions options = VanillaOptions();
  options.attack = FastGradientSign{epsilon, unit};
  options.alpha = alpha;
  return options;
}

StepOptions RandomStepOptions(double epsilon, double alpha, EpsilonUnit unit) {
  StepOptions options = VanillaOptions();
  options.attack = RandomSign{epsilon, unit};
  options.alpha = alpha;
  return options;
}

double RelativeError(double a, double b, double floor) {
  return std::abs(a - b) / std::max({std::abs(a), std::abs(b), floor});
}

}  // namespace advnative::testing
