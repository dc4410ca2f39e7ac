// Embedded tokens of a batch: e = table[id], x = mask∘(e + Δ), in the order a direction reads them; and
// the way back.
//
// "Batch order" is text after text: token t of text b is row offsets[b] + t. E* is E rounded up to whole
// vectors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/cancellation.h"
#include "base/scalar.h"
#include "base/thread_pool.h"
#include "model/slices.h"

namespace advnative {

// The token ids of a batch and what is done to their embeddings before the recurrent layer reads them.
// Pointers may be null: no perturbation, no dropout.
struct EmbeddedBatch {
  const std::vector<std::int32_t>& ids;      // [N]
  const std::vector<std::int32_t>& offsets;  // [B + 1]
  int vocabulary;                            // V
  const Scalar* table;                       // [V][embedding]
  int embedding;                             // E
  std::ptrdiff_t stride;                     // E*
  const Scalar* perturbation;                // Δ, [N][E*] in batch order
  const Scalar* mask;                        // [N][E*] in batch order
};

// All of these look at the cancellation and throw kCancelled.

// Writes the id of every token of a slice in the order of `direction`.
void GatherWords(const std::vector<std::int32_t>& ids, const std::vector<std::int32_t>& offsets,
                 const Slice& slice, Direction direction, std::vector<std::int32_t>& words,
                 const Cancellation& cancellation);

// Writes x for every token of a slice in the order of `direction`: [tokens][E*].
void GatherEmbedded(const EmbeddedBatch& batch, const Slice& slice, Direction direction, Scalar* input,
                    const Cancellation& cancellation);

// The gradient of the embedded tokens e in batch order, [N][E*]: the sum of both directions' input gradients,
// through the mask. Every token of the slice is written once.
void CollectEmbeddedGradient(const EmbeddedBatch& batch, const Slice& slice, const Scalar* forward_gradient,
                             const Scalar* reverse_gradient, Scalar* embedded_gradient,
                             const Cancellation& cancellation);

// Adds the gradient of each embedded token to its row of the table's gradient [V][E], token after token;
// threads share the columns.
void AddTableGradient(const EmbeddedBatch& batch, ThreadPool& pool, const Scalar* embedded_gradient,
                      Scalar* table_gradient, const Cancellation& cancellation);

}  // namespace advnative
