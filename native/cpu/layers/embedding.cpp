#include "cpu/layers/embedding.h"

#include <algorithm>

namespace advnative {

namespace {

// Calls visit(row in the direction's order, row in batch order) for every token of a slice. Throws
// kCancelled.
template <typename Visit>
void ForEachToken(const std::vector<std::int32_t>& offsets, const Slice& slice, Direction direction,
                  const Cancellation& cancellation, Visit visit) {
  for (int step = 0; step < slice.steps(); ++step) {
    cancellation.Check();
    const std::ptrdiff_t first = slice.step_begin[static_cast<std::size_t>(step)];
    for (int row = 0; row < slice.active(step); ++row) {
      const auto text = static_cast<std::size_t>(slice.texts[static_cast<std::size_t>(row)]);
      const std::int32_t length = slice.lengths[static_cast<std::size_t>(row)];
      visit(first + row, static_cast<std::ptrdiff_t>(offsets[text] + TokenPosition(direction, length, step)));
    }
  }
}

}  // namespace

void GatherWords(const std::vector<std::int32_t>& ids, const std::vector<std::int32_t>& offsets,
                 const Slice& slice, Direction direction, std::vector<std::int32_t>& words,
                 const Cancellation& cancellation) {
  words.resize(static_cast<std::size_t>(slice.tokens()));
  ForEachToken(offsets, slice, direction, cancellation, [&](std::ptrdiff_t row, std::ptrdiff_t token) {
    words[static_cast<std::size_t>(row)] = ids[static_cast<std::size_t>(token)];
  });
}

void GatherEmbedded(const EmbeddedBatch& batch, const Slice& slice, Direction direction, Scalar* input,
                    const Cancellation& cancellation) {
  ForEachToken(batch.offsets, slice, direction, cancellation,
               [&batch, input](std::ptrdiff_t row, std::ptrdiff_t token) {
                 const Scalar* e =
                     batch.table + static_cast<std::ptrdiff_t>(batch.ids[static_cast<std::size_t>(token)]) *
                                       batch.embedding;
                 Scalar* x = input + row * batch.stride;
                 for (int j = 0; j < batch.embedding; ++j) x[j] = e[j];
                 if (batch.perturbation != nullptr) {
                   const Scalar* delta = batch.perturbation + token * batch.stride;
                   for (int j = 0; j < batch.embedding; ++j) x[j] += delta[j];
                 }
                 if (batch.mask != nullptr) {
                   const Scalar* mask = batch.mask + token * batch.stride;
                   for (int j = 0; j < batch.embedding; ++j) x[j] *= mask[j];
                 }
               });
}

void CollectEmbeddedGradient(const EmbeddedBatch& batch, const Slice& slice, const Scalar* forward_gradient,
                             const Scalar* reverse_gradient, Scalar* embedded_gradient,
                             const Cancellation& cancellation) {
  const std::ptrdiff_t stride = batch.stride;
  ForEachToken(batch.offsets, slice, Direction::kForward, cancellation,
               [=](std::ptrdiff_t row, std::ptrdiff_t token) {
                 const Scalar* from = forward_gradient + row * stride;
                 Scalar* to = embedded_gradient + token * stride;
                 for (std::ptrdiff_t j = 0; j < stride; ++j) to[j] = from[j];
               });
  const Scalar* mask = batch.mask;
  ForEachToken(batch.offsets, slice, Direction::kReverse, cancellation,
               [=](std::ptrdiff_t row, std::ptrdiff_t token) {
                 const Scalar* from = reverse_gradient + row * stride;
                 Scalar* to = embedded_gradient + token * stride;
                 for (std::ptrdiff_t j = 0; j < stride; ++j) to[j] += from[j];
                 if (mask == nullptr) return;
                 for (std::ptrdiff_t j = 0; j < stride; ++j) to[j] *= mask[token * stride + j];
               });
}

void AddTableGradient(const EmbeddedBatch& batch, ThreadPool& pool, const Scalar* embedded_gradient,
                      Scalar* table_gradient, const Cancellation& cancellation) {
  constexpr int kColumns = 32;
  pool.Run((batch.embedding + kColumns - 1) / kColumns, [&](int task) {
    cancellation.Check();
    const int first = task * kColumns;
    const int columns = std::min(kColumns, batch.embedding - first);
    for (std::size_t token = 0; token < batch.ids.size(); ++token) {
      const Scalar* from = embedded_gradient + static_cast<std::ptrdiff_t>(token) * batch.stride + first;
      Scalar* to = table_gradient + static_cast<std::ptrdiff_t>(batch.ids[token]) * batch.embedding + first;
      for (int j = 0; j < columns; ++j) to[j] += from[j];
    }
  });
}

}  // namespace advnative
