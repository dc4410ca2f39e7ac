// The classifier's head: hidden = mask∘ReLU(W1·s + b1), logits = W2·hidden + b2, over the concatenated final
// states s.
//
// Dimension letters: B batch, S = 2H states, M hidden, C classes; S*, M*, C* are rounded up to whole vectors.
#pragma once

#include <optional>

#include "base/aligned_buffer.h"
#include "base/buffer_count.h"
#include "base/cancellation.h"
#include "base/matrix_view.h"
#include "base/thread_pool.h"
#include "cpu/kernels/kernel_table.h"
#include "cpu/layers/dense.h"
#include "cpu/layers/pass_kind.h"
#include "model/parameters.h"

namespace advnative {

struct MlpShape {
  int states;   // S
  int hidden;   // M
  int classes;  // C
};

// Pack, Forward and Backward throw kCancelled.
class Mlp {
 public:
  Mlp(const KernelTable& kernels, ThreadPool& pool, MlpShape shape);

  // The buffers of the packed weights, and those of a batch of `batch` texts.
  void VisitWeights(const BufferVisit& visit);
  void VisitBuffers(int batch, PassKind kind, const BufferVisit& visit);

  // Takes the weights in the kernels' order; to be called after every update.
  void Pack(const MlpTensors<const Scalar>& tensors, const Cancellation& cancellation);

  // Makes room for a batch; Forward and Backward follow.
  void Begin(int batch, PassKind kind) { VisitBuffers(batch, kind, &ReserveBuffer); }

  // logits() from states [B][S]; mask [B][M]. Rows are S* and M* apart.
  void Forward(ConstMatrix states, const std::optional<ConstMatrix>& mask, const Cancellation& cancellation);

  // From the gradient of the logits [B][C], rows C* apart, to that of the states [B][S], written; the
  // gradients of the tensors are added. Follows Forward with the same states and mask.
  void Backward(ConstMatrix states, const std::optional<ConstMatrix>& mask, ConstMatrix logit_gradient,
                const MlpTensors<Scalar>& gradients, Matrix state_gradient, const Cancellation& cancellation);
  // The gradient of the final states alone.
  void BackwardToStates(const std::optional<ConstMatrix>& mask, ConstMatrix logit_gradient,
                        Matrix state_gradient, const Cancellation& cancellation);

  // [B][C] of the last Forward.
  ConstMatrix logits() const {
    return {logits_.data(), static_cast<int>(logits_.size() / Size(1, logit_stride_)), shape_.classes,
            logit_stride_};
  }
  std::ptrdiff_t state_stride() const { return state_stride_; }
  std::ptrdiff_t hidden_stride() const { return hidden_stride_; }
  std::ptrdiff_t logit_stride() const { return logit_stride_; }

 private:
  void Multiply(ConstMatrix a, const AlignedBuffer<Scalar>& packed, Matrix c, Write write,
                const Cancellation& cancellation) const;
  Matrix Hidden(AlignedBuffer<Scalar>& buffer, int batch) const {
    return {buffer.data(), batch, shape_.hidden, hidden_stride_};
  }

  const KernelTable& kernels_;
  ThreadPool& pool_;
  const MlpShape shape_;
  const std::ptrdiff_t state_stride_;
  const std::ptrdiff_t hidden_stride_;
  const std::ptrdiff_t logit_stride_;
  AlignedBuffer<Scalar> forward_hidden_;   // packed [S][M]
  AlignedBuffer<Scalar> forward_output_;   // packed [M][C]
  AlignedBuffer<Scalar> backward_hidden_;  // packed [M][S]
  AlignedBuffer<Scalar> backward_output_;  // packed [C][M]
  AlignedBuffer<Scalar> hidden_bias_;      // [M*]
  AlignedBuffer<Scalar> output_bias_;      // [C*]
  AlignedBuffer<Scalar> hidden_;           // [B][M*], after ReLU and mask
  AlignedBuffer<Scalar> hidden_gradient_;  // [B][M*]
  AlignedBuffer<Scalar> logits_;           // [B][C*]
  WeightGradient weight_gradient_;         // of both layers, one after the other
};

}  // namespace advnative
