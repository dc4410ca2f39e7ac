#include "cpu/layers/mlp.h"

#include <algorithm>

#include "cpu/layers/packing.h"

namespace advnative {

namespace {

void CopyBias(int size, std::ptrdiff_t padded, const Scalar* from, AlignedBuffer<Scalar>& to) {
  to.Zero(static_cast<std::size_t>(padded));
  std::copy_n(from, size, to.data());
}

// Adds the columns' sums over the rows to `gradient`.
void AddBiasGradient(int rows, int columns, const Scalar* values, std::ptrdiff_t stride, Scalar* gradient,
                     const Cancellation& cancellation) {
  for (int row = 0; row < rows; ++row) {
    cancellation.Check();
    for (int j = 0; j < columns; ++j) gradient[j] += values[row * stride + j];
  }
}

void RepeatBias(int rows, std::ptrdiff_t stride, const Scalar* bias, Scalar* to,
                const Cancellation& cancellation) {
  for (int row = 0; row < rows; ++row) {
    cancellation.Check();
    std::copy_n(bias, stride, to + row * stride);
  }
}

// hidden = mask∘ReLU(hidden), a row of `size` elements.
void Rectify(std::ptrdiff_t size, const Scalar* mask, Scalar* hidden) {
  for (std::ptrdiff_t i = 0; i < size; ++i) {
    // Written so that NaN stays NaN and reaches the loss, where it is reported.
    if (hidden[i] < Scalar(0)) hidden[i] = Scalar(0);
    if (mask != nullptr) hidden[i] *= mask[i];
  }
}

// Its backward pass: a unit that ReLU or the mask set to zero passes nothing back.
void RectifyBackward(std::ptrdiff_t size, const Scalar* mask, const Scalar* hidden, Scalar* gradient) {
  for (std::ptrdiff_t i = 0; i < size; ++i) {
    if (hidden[i] == Scalar(0)) {
      gradient[i] = Scalar(0);
    } else if (mask != nullptr) {
      gradient[i] *= mask[i];
    }
  }
}

}  // namespace

Mlp::Mlp(const KernelTable& kernels, ThreadPool& pool, MlpShape shape)
    : kernels_(kernels),
      pool_(pool),
      shape_(shape),
      state_stride_(PaddedWidth(kernels, shape.states)),
      hidden_stride_(PaddedWidth(kernels, shape.hidden)),
      logit_stride_(PaddedWidth(kernels, shape.classes)) {}

void Mlp::VisitWeights(const BufferVisit& visit) {
  const auto [states, hidden, classes] = shape_;
  visit(forward_hidden_, PackedSize(kernels_, states, hidden));
  visit(forward_output_, PackedSize(kernels_, hidden, classes));
  visit(backward_hidden_, PackedSize(kernels_, hidden, states));
  visit(backward_output_, PackedSize(kernels_, classes, hidden));
  visit(hidden_bias_, static_cast<std::size_t>(hidden_stride_));
  visit(output_bias_, static_cast<std::size_t>(logit_stride_));
}

void Mlp::VisitBuffers(int batch, bool backward, const BufferVisit& visit) {
  visit(hidden_, Size(batch, hidden_stride_));
  visit(logits_, Size(batch, logit_stride_));
  if (!backward) return;
  visit(hidden_gradient_, Size(batch, hidden_stride_));
  // Of the gradients of both layers' weights, one after the other.
  visit(sums_, std::max(Size(shape_.classes, hidden_stride_), Size(shape_.hidden, state_stride_)));
  visit(transposed_, Size(std::max(shape_.classes, shape_.hidden), batch));
}

void Mlp::Pack(const MlpTensors<const Scalar>& tensors, const Cancellation& cancellation) {
  VisitWeights(&ReserveBuffer);
  const auto [states, hidden, classes] = shape_;
  PackPanels(kernels_, states, hidden, tensors.hidden_weights, 1, states, forward_hidden_.data());
  cancellation.Check();
  PackPanels(kernels_, hidden, classes, tensors.output_weights, 1, hidden, forward_output_.data());
  cancellation.Check();
  PackPanels(kernels_, hidden, states, tensors.hidden_weights, states, 1, backward_hidden_.data());
  cancellation.Check();
  PackPanels(kernels_, classes, hidden, tensors.output_weights, hidden, 1, backward_output_.data());
  CopyBias(hidden, hidden_stride_, tensors.hidden_bias, hidden_bias_);
  CopyBias(classes, logit_stride_, tensors.output_bias, output_bias_);
}

void Mlp::Forward(int batch, const Scalar* states, const Scalar* mask, const Cancellation& cancellation) {
  RepeatBias(batch, hidden_stride_, hidden_bias_.data(), hidden_.data(), cancellation);
  Multiply(batch, shape_.hidden, shape_.states, states, state_stride_, forward_hidden_.data(), hidden_.data(),
           hidden_stride_, Write::kAdd, cancellation);
  for (int row = 0; row < batch; ++row) {
    cancellation.Check();
    const std::ptrdiff_t at = row * hidden_stride_;
    Rectify(hidden_stride_, mask == nullptr ? nullptr : mask + at, hidden_.data() + at);
  }
  RepeatBias(batch, logit_stride_, output_bias_.data(), logits_.data(), cancellation);
  Multiply(batch, shape_.classes, shape_.hidden, hidden_.data(), hidden_stride_, forward_output_.data(),
           logits_.data(), logit_stride_, Write::kAdd, cancellation);
}

void Mlp::Backward(int batch, const Scalar* states, const Scalar* mask, const Scalar* logit_gradient,
                   const MlpTensors<Scalar>& gradients, Scalar* state_gradient,
                   const Cancellation& cancellation) {
  BackwardToStates(batch, mask, logit_gradient, state_gradient, cancellation);
  AddWeightGradient(batch, shape_.classes, shape_.hidden, logit_gradient, logit_stride_, hidden_.data(),
                    hidden_stride_, gradients.output_weights, cancellation);
  AddBiasGradient(batch, shape_.classes, logit_gradient, logit_stride_, gradients.output_bias, cancellation);
  AddWeightGradient(batch, shape_.hidden, shape_.states, hidden_gradient_.data(), hidden_stride_, states,
                    state_stride_, gradients.hidden_weights, cancellation);
  AddBiasGradient(batch, shape_.hidden, hidden_gradient_.data(), hidden_stride_, gradients.hidden_bias,
                  cancellation);
}

void Mlp::BackwardToStates(int batch, const Scalar* mask, const Scalar* logit_gradient,
                           Scalar* state_gradient, const Cancellation& cancellation) {
  Multiply(batch, shape_.hidden, shape_.classes, logit_gradient, logit_stride_, backward_output_.data(),
           hidden_gradient_.data(), hidden_stride_, Write::kSet, cancellation);
  for (int row = 0; row < batch; ++row) {
    cancellation.Check();
    const std::ptrdiff_t at = row * hidden_stride_;
    RectifyBackward(hidden_stride_, mask == nullptr ? nullptr : mask + at, hidden_.data() + at,
                    hidden_gradient_.data() + at);
  }
  Multiply(batch, shape_.states, shape_.hidden, hidden_gradient_.data(), hidden_stride_,
           backward_hidden_.data(), state_gradient, state_stride_, Write::kSet, cancellation);
}

// MultiplyPacked, some panels a task: enough work to be worth a thread's waking. Some rows at a time, so that
// a cancelled call need not wait for all of them.
void Mlp::Multiply(int rows, int columns, int depth, const Scalar* a, std::ptrdiff_t a_stride,
                   const Scalar* packed, Scalar* c, std::ptrdiff_t c_stride, Write write,
                   const Cancellation& cancellation) const {
  constexpr int kRows = 256;
  const int width = 2 * PanelWidth(kernels_);
  pool_.Run((columns + width - 1) / width, [&](int task) {
    const int first = task * width;
    for (int row = 0; row < rows; row += kRows) {
      cancellation.Check();
      MultiplyPacked(kernels_, std::min(kRows, rows - row), std::min(width, columns - first), depth,
                     a + row * a_stride, a_stride, packed + static_cast<std::ptrdiff_t>(first) * depth,
                     c + row * c_stride + first, c_stride, write);
    }
  });
}

// gradient [outputs][inputs] += output_gradientᵀ·input, some outputs a task and some inputs at a time.
void Mlp::AddWeightGradient(int batch, int outputs, int inputs, const Scalar* output_gradient,
                            std::ptrdiff_t output_stride, const Scalar* input, std::ptrdiff_t input_stride,
                            Scalar* gradient, const Cancellation& cancellation) {
  constexpr int kOutputs = 64;
  const int width = 64 * PanelWidth(kernels_);
  pool_.Run((outputs + kOutputs - 1) / kOutputs, [&](int task) {
    const std::ptrdiff_t first = static_cast<std::ptrdiff_t>(task) * kOutputs;
    const int count = std::min(kOutputs, outputs - static_cast<int>(first));
    Scalar* sums = sums_.data() + first * input_stride;
    std::fill_n(sums, count * input_stride, Scalar(0));
    for (int column = 0; column < inputs; column += width) {
      cancellation.Check();
      AddTransposedProduct(kernels_, count, std::min(width, inputs - column), batch, output_gradient + first,
                           output_stride, input + column, input_stride, sums + column, input_stride,
                           transposed_.data() + first * batch);
    }
    Scalar* to = gradient + first * inputs;
    for (int row = 0; row < count; ++row, sums += input_stride, to += inputs) {
      for (int j = 0; j < inputs; ++j) to[j] += sums[j];
    }
  });
}

}  // namespace advnative
