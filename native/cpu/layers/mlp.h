// The classifier's head: hidden = mask∘ReLU(W1·s + b1), logits = W2·hidden + b2, over the concatenated final
// states s.
//
// Dimension letters: B batch, S = 2H states, M hidden, C classes; S*, M*, C* are rounded up to whole vectors.
#pragma once

#include "base/aligned_buffer.h"
#include "base/buffer_count.h"
#include "base/cancellation.h"
#include "base/thread_pool.h"
#include "cpu/kernels/kernel_table.h"
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
  void VisitBuffers(int batch, bool backward, const BufferVisit& visit);

  // Takes the weights in the kernels' order; to be called after every update.
  void Pack(const MlpTensors<const Scalar>& tensors, const Cancellation& cancellation);

  // Makes room for a batch; Forward and Backward follow.
  void Begin(int batch, bool backward) { VisitBuffers(batch, backward, &ReserveBuffer); }

  // logits [B][logit_stride()] from states [B][state_stride()]. mask [B][hidden_stride()] or null.
  void Forward(int batch, const Scalar* states, const Scalar* mask, const Cancellation& cancellation);

  // From the gradient of the logits [B][logit_stride()] to that of the states [B][state_stride()], written;
  // the gradients of the tensors are added. Follows Forward with the same arguments.
  void Backward(int batch, const Scalar* states, const Scalar* mask, const Scalar* logit_gradient,
                const MlpTensors<Scalar>& gradients, Scalar* state_gradient,
                const Cancellation& cancellation);
  // The gradient of the final states alone.
  void BackwardToStates(int batch, const Scalar* mask, const Scalar* logit_gradient, Scalar* state_gradient,
                        const Cancellation& cancellation);

  const Scalar* logits() const { return logits_.data(); }
  std::ptrdiff_t state_stride() const { return state_stride_; }
  std::ptrdiff_t hidden_stride() const { return hidden_stride_; }
  std::ptrdiff_t logit_stride() const { return logit_stride_; }

 private:
  void Multiply(int rows, int columns, int depth, const Scalar* a, std::ptrdiff_t a_stride,
                const Scalar* packed, Scalar* c, std::ptrdiff_t c_stride, Write write,
                const Cancellation& cancellation) const;
  void AddWeightGradient(int batch, int outputs, int inputs, const Scalar* output_gradient,
                         std::ptrdiff_t output_stride, const Scalar* input, std::ptrdiff_t input_stride,
                         Scalar* gradient, const Cancellation& cancellation);

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
  AlignedBuffer<Scalar> sums_;
  AlignedBuffer<Scalar> transposed_;
};

}  // namespace advnative
