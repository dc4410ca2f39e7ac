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

void GatherWords(const EmbeddedBatch& batch, const Slice& slice, Direction direction,
                 std::vector<std::int32_t>& words, const Cancellation& cancellation) {
  words.resize(static_cast<std::size_t>(slice.tokens()));
  ForEachToken(batch.offsets, slice, direction, cancellation, [&](std::ptrdiff_t row, std::ptrdiff_t token) {
    words[static_cast<std::size_t>(row)] = batch.word(token);
  });
}

void GatherEmbedded(const EmbeddedBatch& batch, const Slice& slice, Direction direction, Matrix input,
                    const Cancellation& cancellation) {
  ForEachToken(batch.offsets, slice, direction, cancellation,
               [&batch, input](std::ptrdiff_t row, std::ptrdiff_t token) {
                 const Scalar* e = batch.table.Row(batch.word(token));
                 Scalar* x = input.Row(row);
                 for (int j = 0; j < input.columns; ++j) x[j] = e[j];
                 if (batch.perturbation) {
                   const Scalar* delta = batch.perturbation->Row(token);
                   for (int j = 0; j < input.columns; ++j) x[j] += delta[j];
                 }
                 if (batch.mask) {
                   const Scalar* mask = batch.mask->Row(token);
                   for (int j = 0; j < input.columns; ++j) x[j] *= mask[j];
                 }
               });
}

void CollectEmbeddedGradient(const EmbeddedBatch& batch, const Slice& slice, ConstMatrix forward_gradient,
                             ConstMatrix reverse_gradient, Matrix embedded_gradient,
                             const Cancellation& cancellation) {
  const std::ptrdiff_t width = embedded_gradient.stride;
  ForEachToken(batch.offsets, slice, Direction::kForward, cancellation,
               [=](std::ptrdiff_t row, std::ptrdiff_t token) {
                 const Scalar* from = forward_gradient.Row(row);
                 Scalar* to = embedded_gradient.Row(token);
                 for (std::ptrdiff_t j = 0; j < width; ++j) to[j] = from[j];
               });
  ForEachToken(batch.offsets, slice, Direction::kReverse, cancellation,
               [=, &batch](std::ptrdiff_t row, std::ptrdiff_t token) {
                 const Scalar* from = reverse_gradient.Row(row);
                 Scalar* to = embedded_gradient.Row(token);
                 for (std::ptrdiff_t j = 0; j < width; ++j) to[j] += from[j];
                 if (!batch.mask) return;
                 const Scalar* mask = batch.mask->Row(token);
                 for (std::ptrdiff_t j = 0; j < width; ++j) to[j] *= mask[j];
               });
}

void AddTableGradient(const EmbeddedBatch& batch, ThreadPool& pool, ConstMatrix embedded_gradient,
                      Matrix table_gradient, const Cancellation& cancellation) {
  constexpr int kColumns = 32;
  const int embedding = table_gradient.columns;
  pool.Run((embedding + kColumns - 1) / kColumns, [&](int task) {
    cancellation.Check();
    const int first = task * kColumns;
    const int columns = std::min(kColumns, embedding - first);
    for (std::ptrdiff_t token = 0; token < embedded_gradient.rows; ++token) {
      const Scalar* from = embedded_gradient.Row(token) + first;
      Scalar* to = table_gradient.Row(batch.word(token)) + first;
      for (int j = 0; j < columns; ++j) to[j] += from[j];
    }
  });
}

}  // namespace advnative
