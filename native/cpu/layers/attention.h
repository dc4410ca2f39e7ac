// Pooling by attention: a text is the sum of its tokens' states, each weighed by how much it matters (Yang et
// al. 2016, Eq. 5 to 7):
//   u_t = tanh(W·h_t + b)   α = softmax of v·u_t over the text's tokens   s = Σ_t α_t·h_t
//
// Dimension letters: B texts of a batch, N tokens, S = 2H states of a token, which u_t has as many of; S* is
// S rounded up to whole vectors.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/buffer_count.h"
#include "base/cancellation.h"
#include "base/matrix_view.h"
#include "base/thread_pool.h"
#include "cpu/kernels/kernel_table.h"
#include "cpu/layers/dense.h"
#include "cpu/layers/pass_kind.h"
#include "model/parameters.h"
#include "model/pooling.h"

namespace advnative {

// Pack, Forward and Backward throw kCancelled.
class Attention {
 public:
  Attention(const KernelTable& kernels, ThreadPool& pool, int states);
  // What a list of poolings needs of it.
  static std::optional<Attention> For(const std::vector<Pooling>& list, const KernelTable& kernels,
                                      ThreadPool& pool, int states) {
    if (!Attends(list)) return std::nullopt;
    return std::optional<Attention>(std::in_place, kernels, pool, states);
  }

  // The buffers of the packed weights, and those of a batch of this many tokens.
  void VisitWeights(const BufferVisit& visit);
  void VisitBuffers(std::size_t tokens, PassKind kind, const BufferVisit& visit);

  // Takes the weights in the kernels' order; to be called after every update.
  void Pack(const AttentionTensors<const Scalar>& tensors, const Cancellation& cancellation);

  // Writes s of every text to `pooled` [B][S], of the states of the tokens [N][S] of texts with these
  // offsets. The batch's buffers must have been made room for.
  void Forward(const std::vector<std::int32_t>& offsets, ConstMatrix tokens, Matrix pooled,
               const Cancellation& cancellation);

  // From the gradient of s [B][S] to that of the states of the tokens [N][S], which is added to. The
  // gradients of the tensors are added where they are wanted. Follows Forward with the same states, once.
  void Backward(const std::vector<std::int32_t>& offsets, ConstMatrix tokens, ConstMatrix pooled,
                ConstMatrix pooled_gradient, const std::optional<AttentionTensors<Scalar>>& gradients,
                Matrix token_gradient, const Cancellation& cancellation);

 private:
  // Calls work(first row, rows) for blocks of the batch's tokens, each a task.
  template <typename Work>
  void ForEachBlock(int tokens, const Cancellation& cancellation, Work work);
  Matrix Hidden(int tokens) { return {hidden_.data(), tokens, states_, stride_}; }
  Matrix Scores(int tokens) { return {scores_.data(), tokens, 1, kernels_.lanes}; }

  const KernelTable& kernels_;
  ThreadPool& pool_;
  const int states_;                        // S
  const std::ptrdiff_t stride_;             // S*
  AlignedBuffer<Scalar> forward_weights_;   // packed [S][S]
  AlignedBuffer<Scalar> forward_context_;   // packed [S][1]
  AlignedBuffer<Scalar> backward_weights_;  // packed [S][S]
  AlignedBuffer<Scalar> bias_;              // [S*]
  AlignedBuffer<Scalar> context_;           // [S*]
  AlignedBuffer<Scalar> hidden_;            // [N][S*], u; on the way back the gradient of W·h + b
  AlignedBuffer<Scalar> scores_;            // [N][1], v·u; then α; on the way back the gradient of v·u
  WeightGradient weight_gradient_;
};

}  // namespace advnative
