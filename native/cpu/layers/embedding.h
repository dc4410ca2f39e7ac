// Embedded tokens of a batch: e = table[id], x = mask∘(e + Δ), in the order a direction reads them; and
// the way back.
//
// "Batch order" is text after text: token t of text b is row offsets[b] + t. E* is E rounded up to whole
// vectors.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/cancellation.h"
#include "base/matrix_view.h"
#include "base/thread_pool.h"
#include "model/slices.h"

namespace advnative {

// The token ids of a batch and what is done to their embeddings before the recurrent layer reads them. Rows
// of Δ and of the mask are E* apart and have zeros between them.
struct EmbeddedBatch {
  const std::vector<std::int32_t>& ids;      // [N]
  const std::vector<std::int32_t>& offsets;  // [B + 1]
  ConstMatrix table;                         // [V][E]
  std::optional<ConstMatrix> perturbation;   // Δ, [N][E] in batch order
  std::optional<ConstMatrix> mask;           // [N][E] in batch order

  std::int32_t word(std::ptrdiff_t token) const { return ids[static_cast<std::size_t>(token)]; }
};

// All of these look at the cancellation and throw kCancelled. Rows of inputs and gradients are E* apart, like
// those of Δ.

// Writes the id of every token of a slice in the order of `direction`.
void GatherWords(const EmbeddedBatch& batch, const Slice& slice, Direction direction,
                 std::vector<std::int32_t>& words, const Cancellation& cancellation);

// Writes x for every token of a slice in the order of `direction`: input [tokens][E].
void GatherEmbedded(const EmbeddedBatch& batch, const Slice& slice, Direction direction, Matrix input,
                    const Cancellation& cancellation);

// The gradient of the embedded tokens e in batch order, [N][E]: the sum of both directions' input gradients
// [tokens][E], through the mask. Every token of the slice is written once, with what lies between the rows.
void CollectEmbeddedGradient(const EmbeddedBatch& batch, const Slice& slice, ConstMatrix forward_gradient,
                             ConstMatrix reverse_gradient, Matrix embedded_gradient,
                             const Cancellation& cancellation);

// Adds the gradient of each embedded token [N][E] to its row of the table's gradient [V][E], token after
// token; threads share the columns.
void AddTableGradient(const EmbeddedBatch& batch, ThreadPool& pool, ConstMatrix embedded_gradient,
                      Matrix table_gradient, const Cancellation& cancellation);

}  // namespace advnative
