// The vectors of a batch's words where words have n-grams: that of the word itself plus the mean of those of
// its n-grams (Bojanowski et al. 2017, Section 3.2, where all of them are summed); and the way back.
//
// Dimension letters: U different words of a batch, V vocabulary, E embedding.
#pragma once

#include <optional>

#include "base/cancellation.h"
#include "base/matrix_view.h"
#include "base/thread_pool.h"
#include "cpu/kernels/kernel_table.h"
#include "model/model.h"

namespace advnative {

// How far an average is from the vectors of n-grams: see model/parameter_average.h.
struct Lag {
  ConstMatrix rows;  // [buckets][E]
  double scale;
};

// The vectors of n-grams [buckets][E]: themselves, or their average.
struct NgramVectors {
  ConstMatrix rows;
  std::optional<Lag> lag;
};

// Writes the vector of each word: row u of [U][E] is words[ids[u]] + mean of ngrams[bucket] over the buckets
// of word u, or words[ids[u]] alone where it has none. Throws kCancelled.
void ComposeWords(const KernelTable& kernels, const BatchWords& batch, ThreadPool& pool, ConstMatrix words,
                  const NgramVectors& ngrams, Matrix vectors, const Cancellation& cancellation);

// Adds the gradient of each word's vector [U][E] to the rows of both tables that it was made of, word after
// word; threads share the columns. Throws kCancelled.
void AddWordGradients(const BatchWords& batch, ThreadPool& pool, ConstMatrix vector_gradient,
                      Matrix word_gradient, Matrix ngram_gradient, const Cancellation& cancellation);

}  // namespace advnative
