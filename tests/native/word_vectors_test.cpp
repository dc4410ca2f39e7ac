// The vectors of words with n-grams against their formula, and models of them.
#include "cpu/layers/word_vectors.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "base/memory_block.h"
#include "batch_maker.h"
#include "model/dropout.h"

namespace advnative {

using testing::RandomBatch;
using testing::RandomNumbers;

namespace {

constexpr int kVocabulary = 7, kBuckets = 5, kEmbedding = 37;

// Two words of the same id, one without n-grams, one with an n-gram twice.
const BatchWords kWords{{3, 0, 3, 6}, {0, 2, 2, 5, 6}, {4, 1, 2, 0, 2, 4}};

std::vector<std::int32_t> BucketsOf(std::size_t u) {
  return {kWords.buckets.begin() + kWords.offsets[u], kWords.buckets.begin() + kWords.offsets[u + 1]};
}

Matrix View(std::vector<Scalar>& values) {
  return DenseMatrix(values.data(), static_cast<int>(values.size()) / kEmbedding, kEmbedding);
}

double At(const std::vector<Scalar>& table, std::int32_t row, std::size_t column) {
  return static_cast<double>(table[static_cast<std::size_t>(row) * kEmbedding + column]);
}

ModelConfig ConfigWithBuckets(CellType cell = CellType::kGru) {
  ModelConfig config = testing::SmallConfig(cell);
  config.buckets = 6;
  return config;
}

const std::vector<int> kRareWords{3, 1, 5, 2};
// Two slices, and every word four times on average.
const std::vector<int> kFrequentWords{9, 4, 6, 5, 3, 7, 2, 5, 4};

}  // namespace

TEST_CASE("a word's vector is its own plus the mean of those of its n-grams") {
  std::vector<Scalar> words = RandomNumbers(1, kVocabulary * kEmbedding);
  std::vector<Scalar> ngrams = RandomNumbers(2, kBuckets * kEmbedding);
  std::vector<Scalar> vectors(kWords.size() * kEmbedding, Scalar(7));
  ThreadPool pool(2);
  ComposeWords(testing::Kernels(), kWords, pool, View(words), {View(ngrams), {}}, View(vectors),
               Cancellation{});
  for (std::size_t u = 0; u < kWords.size(); ++u) {
    const auto buckets = BucketsOf(u);
    for (std::size_t j = 0; j < kEmbedding; ++j) {
      double sum = 0.0;
      for (const std::int32_t bucket : buckets) sum += At(ngrams, bucket, j);
      const double mean = buckets.empty() ? 0.0 : sum / static_cast<double>(buckets.size());
      const double value = At(vectors, static_cast<std::int32_t>(u), j);
      REQUIRE(testing::RelativeError(value, At(words, kWords.ids[u], j) + mean, 1e-2) <= 1e-5);
    }
  }
}

TEST_CASE("an average of n-grams is added up as if it were written out") {
  std::vector<Scalar> words = RandomNumbers(1, kVocabulary * kEmbedding);
  std::vector<Scalar> ngrams = RandomNumbers(2, kBuckets * kEmbedding);
  std::vector<Scalar> lag = RandomNumbers(3, kBuckets * kEmbedding);
  std::vector<Scalar> average(ngrams.size());
  testing::Kernels().lagging(ngrams.data(), lag.data(), Scalar(0.3), average.data(), average.size());
  for (std::size_t i = 0; i < average.size(); ++i) {
    const double expected = static_cast<double>(ngrams[i]) + 0.3 * static_cast<double>(lag[i]);
    REQUIRE(testing::RelativeError(average[i], expected, 1e-2) <= 1e-5);
  }
  ThreadPool pool(2);
  const auto composed = [&](const NgramVectors& vectors_of) {
    std::vector<Scalar> vectors(kWords.size() * kEmbedding);
    ComposeWords(testing::Kernels(), kWords, pool, View(words), vectors_of, View(vectors), Cancellation{});
    return vectors;
  };
  CHECK(composed({View(ngrams), Lag{View(lag), 0.3}}) == composed({View(average), {}}));
}

TEST_CASE("the gradient of a word's vector goes to the word and, by their share, to its n-grams") {
  std::vector<Scalar> gradient = RandomNumbers(3, kWords.size() * kEmbedding);
  std::vector<Scalar> words(kVocabulary * kEmbedding, Scalar(0.5));
  std::vector<Scalar> ngrams(kBuckets * kEmbedding, Scalar(0.5));
  ThreadPool pool(2);
  AddWordGradients(kWords, pool, View(gradient), View(words), View(ngrams), Cancellation{});
  for (std::size_t j = 0; j < kEmbedding; ++j) {
    std::vector<double> of_words(kVocabulary, 0.5);
    std::vector<double> of_ngrams(kBuckets, 0.5);
    for (std::size_t u = 0; u < kWords.size(); ++u) {
      const double value = At(gradient, static_cast<std::int32_t>(u), j);
      const auto buckets = BucketsOf(u);
      of_words[static_cast<std::size_t>(kWords.ids[u])] += value;
      for (const std::int32_t bucket : buckets) {
        of_ngrams[static_cast<std::size_t>(bucket)] += value / static_cast<double>(buckets.size());
      }
    }
    for (std::int32_t row = 0; row < kVocabulary; ++row) {
      const double expected = of_words[static_cast<std::size_t>(row)];
      REQUIRE(testing::RelativeError(At(words, row, j), expected, 1e-2) <= 1e-5);
    }
    for (std::int32_t row = 0; row < kBuckets; ++row) {
      const double expected = of_ngrams[static_cast<std::size_t>(row)];
      REQUIRE(testing::RelativeError(At(ngrams, row, j), expected, 1e-2) <= 1e-5);
    }
  }
}

TEST_CASE("a model whose words have no n-gram gives the bits of one without buckets") {
  for (const auto& lengths : {kRareWords, kFrequentWords}) {
    const ModelConfig plain = testing::SmallConfig();
    Classifier expected = testing::MakeClassifier(plain);
    Classifier model = testing::MakeClassifier(ConfigWithBuckets());
    const Batch batch = RandomBatch(1, plain, lengths);
    Batch with_words = batch;
    with_words.words.ids.resize(static_cast<std::size_t>(plain.vocabulary));
    std::iota(with_words.words.ids.begin(), with_words.words.ids.end(), 0);
    with_words.words.offsets.assign(with_words.words.size() + 1, 0);
    for (int step = 0; step < 3; ++step) {
      expected.TrainStep(batch, testing::AdversarialStepOptions(0.05), Cancellation{});
      model.TrainStep(with_words, testing::AdversarialStepOptions(0.05), Cancellation{});
    }
    const std::vector<Scalar> parameters = expected.ReadParameters();
    const std::vector<Scalar> others = model.ReadParameters();
    CHECK(std::equal(parameters.begin(), parameters.end(), others.begin()));
  }
}

TEST_CASE("a word made unknown loses its own vector in the whole batch and keeps its n-grams") {
  const ModelConfig config = ConfigWithBuckets();
  const Batch batch = RandomBatch(1, config, kFrequentWords);
  StepOptions options = testing::VanillaOptions();
  Batch replaced = batch;
  ReplaceByUnknown(Philox(config.seed, RandomStream::kUnknownReplacement, 4), 0.5, config.unknown_id,
                   replaced.words.ids);
  REQUIRE(replaced.words.ids != batch.words.ids);
  Classifier model = testing::MakeClassifier(config);
  const double plain = model.ComputeGradient(batch, options, 4, Cancellation{}).loss;
  const double expected = model.ComputeGradient(replaced, options, 4, Cancellation{}).loss;
  options.unknown_rate = 0.5;
  CHECK(model.ComputeGradient(batch, options, 4, Cancellation{}).loss == expected);
  CHECK(plain != expected);
}

TEST_CASE("predictions are of the batch's own words, whatever batch came before") {
  for (const auto& lengths : {kRareWords, kFrequentWords}) {
    const ModelConfig config = ConfigWithBuckets();
    const Batch first = RandomBatch(1, config, lengths);
    const Batch second = RandomBatch(2, config, lengths);
    const auto fresh = [&](const Batch& batch) {
      return testing::MakeClassifier(config).Predict(batch, Cancellation{});
    };
    Classifier model = testing::MakeClassifier(config);
    for (const Batch* batch : {&first, &second, &first}) {
      CHECK(model.Predict(*batch, Cancellation{}) == fresh(*batch));
    }
    CHECK(fresh(first) != fresh(second));
  }
}

TEST_CASE("what a batch with words takes is counted, and not much more") {
  ModelConfig config = ConfigWithBuckets();
  config.embedding = 30;
  config.hidden = 50;
  for (const int words : {12, 3000}) {
    config.vocabulary = words;
    for (const bool adversarial : {false, true}) {
      for (const int length : {1, 90, 400}) {
        CAPTURE(words);
        CAPTURE(length);
        const StepOptions options =
            adversarial ? testing::AdversarialStepOptions(0.05) : testing::VanillaOptions();
        const Batch batch = RandomBatch(1, config, std::vector<int>(33, length));
        // The count is of batches with as many words as tokens at most.
        if (static_cast<std::size_t>(words) > batch.ids.size()) continue;
        const std::size_t before = BytesOfAllBlocks();
        Classifier model = testing::MakeClassifier(config);
        const std::size_t made = BytesOfAllBlocks();
        const std::size_t counted = model.BytesFor(batch.offsets, &options);
        const std::size_t evaluated = model.BytesFor(batch.offsets, nullptr);
        model.Evaluate(batch, Cancellation{});
        CHECK(evaluated >= BytesOfAllBlocks() - made);
        model.ComputeGradient(batch, options, 1, Cancellation{});
        const std::size_t taken = BytesOfAllBlocks() - made;
        CHECK(counted >= taken);
        CHECK(static_cast<double>(counted) <= 2.5 * static_cast<double>(taken) + 8192.0);
        CHECK(model.HeldBytes() == BytesOfAllBlocks() - before);
      }
    }
  }
}

TEST_SUITE("threads") {
  TEST_CASE("words with n-grams give the same bits on many threads") {
    for (const auto& lengths : {kRareWords, kFrequentWords}) {
      ModelConfig config = ConfigWithBuckets();
      config.embedding = 37;
      const auto after = [&](int threads) {
        const auto model = CreateModel(config, testing::OnCpu(threads));
        StepOptions options = testing::AdversarialStepOptions(0.05);
        options.unknown_rate = 0.2;
        for (std::uint64_t step = 0; step < 3; ++step) {
          model->TrainStep(RandomBatch(step, config, lengths), options, Cancellation{});
        }
        return model->ReadParameters();
      };
      CHECK(after(3) == after(1));
    }
  }
}

}  // namespace advnative
