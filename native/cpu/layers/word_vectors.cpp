#include "cpu/layers/word_vectors.h"

#include <algorithm>
#include <span>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/prefetch.h"

namespace advnative {

namespace {

// The buckets of word u's n-grams.
std::span<const std::int32_t> BucketsOf(const BatchWords& batch, int u) {
  const auto word = static_cast<std::size_t>(u);
  const auto begin = static_cast<std::size_t>(batch.offsets[word]);
  return std::span(batch.buckets).subspan(begin, static_cast<std::size_t>(batch.offsets[word + 1]) - begin);
}

// Of all words, those that come a little after word u's begin.
std::span<const std::int32_t> ComingAt(const BatchWords& batch, int u) {
  constexpr std::size_t kAhead = 8;
  const auto begin = static_cast<std::size_t>(batch.offsets[static_cast<std::size_t>(u)]);
  return std::span(batch.buckets).subspan(std::min(batch.buckets.size(), begin + kAhead));
}

// What each of a word's n-grams has of the word's vector.
Scalar ShareOf(std::span<const std::int32_t> buckets) {
  return Scalar(1) / static_cast<Scalar>(std::max<std::size_t>(1, buckets.size()));
}

void AddRow(const Scalar* from, Scalar* to, int columns) {
  for (int j = 0; j < columns; ++j) to[j] += from[j];
}

// Gives the vectors of n-grams one at a time, as whoever reads the whole table of averages gets them.
class NgramReader {
 public:
  NgramReader(const KernelTable& kernels, const NgramVectors& ngrams)
      : kernels_(kernels), ngrams_(ngrams), average_(ngrams.lag ? Size(1, ngrams.rows.columns) : 0) {}

  // Rows lie anywhere in memory: without this a word waits for each of its n-grams in turn.
  void Fetch(std::int32_t bucket) const {
    FetchSoon(ngrams_.rows.Row(bucket), static_cast<std::size_t>(ngrams_.rows.columns));
  }

  // Valid until the next call.
  const Scalar* Row(std::int32_t bucket) {
    if (!ngrams_.lag) return ngrams_.rows.Row(bucket);
    kernels_.lagging(ngrams_.rows.Row(bucket), ngrams_.lag->rows.Row(bucket),
                     static_cast<Scalar>(ngrams_.lag->scale), average_.data(), average_.size());
    return average_.data();
  }

 private:
  const KernelTable& kernels_;
  const NgramVectors& ngrams_;
  std::vector<Scalar> average_;
};

// `coming`: see ComingAt.
void ComposeWord(std::span<const std::int32_t> buckets, std::span<const std::int32_t> coming,
                 const Scalar* word, NgramReader& ngrams, Scalar* vector, int columns) {
  std::fill_n(vector, columns, Scalar(0));
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    if (i < coming.size()) ngrams.Fetch(coming[i]);
    AddRow(ngrams.Row(buckets[i]), vector, columns);
  }
  const Scalar share = ShareOf(buckets);
  for (int j = 0; j < columns; ++j) vector[j] = word[j] + share * vector[j];
}

}  // namespace

void ComposeWords(const KernelTable& kernels, const BatchWords& batch, ThreadPool& pool, ConstMatrix words,
                  const NgramVectors& ngrams, Matrix vectors, const Cancellation& cancellation) {
  constexpr int kRows = 64;
  pool.Run((vectors.rows + kRows - 1) / kRows, [&](int task) {
    cancellation.Check();
    NgramReader reader(kernels, ngrams);
    const int end = std::min(vectors.rows, (task + 1) * kRows);
    for (int u = task * kRows; u < end; ++u) {
      ComposeWord(BucketsOf(batch, u), ComingAt(batch, u), words.Row(batch.ids[static_cast<std::size_t>(u)]),
                  reader, vectors.Row(u), vectors.columns);
    }
  });
}

void AddWordGradients(const BatchWords& batch, ThreadPool& pool, ConstMatrix vector_gradient,
                      Matrix word_gradient, Matrix ngram_gradient, const Cancellation& cancellation) {
  constexpr int kColumns = 16;
  const int embedding = vector_gradient.columns;
  pool.Run((embedding + kColumns - 1) / kColumns, [&](int task) {
    cancellation.Check();
    const int first = task * kColumns;
    const int columns = std::min(kColumns, embedding - first);
    Scalar shared[kColumns];
    for (int u = 0; u < vector_gradient.rows; ++u) {
      const Scalar* from = vector_gradient.Row(u) + first;
      AddRow(from, word_gradient.Row(batch.ids[static_cast<std::size_t>(u)]) + first, columns);
      const std::span<const std::int32_t> buckets = BucketsOf(batch, u);
      const Scalar share = ShareOf(buckets);
      for (int j = 0; j < columns; ++j) shared[j] = share * from[j];
      for (const std::int32_t bucket : buckets) AddRow(shared, ngram_gradient.Row(bucket) + first, columns);
    }
  });
}

}  // namespace advnative
