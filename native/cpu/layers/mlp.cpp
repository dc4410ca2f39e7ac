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
void AddBiasGradient(ConstMatrix values, Scalar* gradient, const Cancellation& cancellation) {
  for (int row = 0; row < values.rows; ++row) {
    cancellation.Check();
    for (int j = 0; j < values.columns; ++j) gradient[j] += values.Row(row)[j];
  }
}

// Makes every row of `to` the bias, with what pads it.
void RepeatBias(const AlignedBuffer<Scalar>& bias, Matrix to, const Cancellation& cancellation) {
  for (int row = 0; row < to.rows; ++row) {
    cancellation.Check();
    std::copy_n(bias.data(), to.stride, to.Row(row));
  }
}

const Scalar* RowOrNull(const std::optional<ConstMatrix>& mask, int row) {
  return mask ? mask->Row(row) : nullptr;
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

void Mlp::VisitBuffers(int batch, PassKind kind, const BufferVisit& visit) {
  visit(hidden_, Size(batch, hidden_stride_));
  visit(logits_, Size(batch, logit_stride_));
  if (kind == PassKind::kPrediction) return;
  visit(hidden_gradient_, Size(batch, hidden_stride_));
  // Of the gradients of both layers' weights, one after the other.
  visit(sums_, std::max(Size(shape_.classes, hidden_stride_), Size(shape_.hidden, state_stride_)));
  visit(transposed_, Size(std::max(shape_.classes, shape_.hidden), batch));
}

void Mlp::Pack(const MlpTensors<const Scalar>& tensors, const Cancellation& cancellation) {
  VisitWeights(&ReserveBuffer);
  const auto [states, hidden, classes] = shape_;
  const ConstMatrix hidden_weights = DenseMatrix(tensors.hidden_weights, hidden, states);
  const ConstMatrix output_weights = DenseMatrix(tensors.output_weights, classes, hidden);
  PackTransposedPanels(kernels_, hidden_weights, forward_hidden_.data());
  cancellation.Check();
  PackTransposedPanels(kernels_, output_weights, forward_output_.data());
  cancellation.Check();
  PackPanels(kernels_, hidden_weights, backward_hidden_.data());
  cancellation.Check();
  PackPanels(kernels_, output_weights, backward_output_.data());
  CopyBias(hidden, hidden_stride_, tensors.hidden_bias, hidden_bias_);
  CopyBias(classes, logit_stride_, tensors.output_bias, output_bias_);
}

void Mlp::Forward(ConstMatrix states, const std::optional<ConstMatrix>& mask,
                  const Cancellation& cancellation) {
  const int batch = states.rows;
  const Matrix hidden = Hidden(hidden_, batch);
  RepeatBias(hidden_bias_, hidden, cancellation);
  Multiply(states, forward_hidden_, hidden, Write::kAdd, cancellation);
  for (int row = 0; row < batch; ++row) {
    cancellation.Check();
    Rectify(hidden.stride, RowOrNull(mask, row), hidden.Row(row));
  }
  const Matrix logits{logits_.data(), batch, shape_.classes, logit_stride_};
  RepeatBias(output_bias_, logits, cancellation);
  Multiply(hidden, forward_output_, logits, Write::kAdd, cancellation);
}

void Mlp::Backward(ConstMatrix states, const std::optional<ConstMatrix>& mask, ConstMatrix logit_gradient,
                   const MlpTensors<Scalar>& gradients, Matrix state_gradient,
                   const Cancellation& cancellation) {
  BackwardToStates(mask, logit_gradient, state_gradient, cancellation);
  const Matrix hidden_gradient = Hidden(hidden_gradient_, states.rows);
  AddWeightGradient(logit_gradient, Hidden(hidden_, states.rows), gradients.output_weights, cancellation);
  AddBiasGradient(logit_gradient, gradients.output_bias, cancellation);
  AddWeightGradient(hidden_gradient, states, gradients.hidden_weights, cancellation);
  AddBiasGradient(hidden_gradient, gradients.hidden_bias, cancellation);
}

void Mlp::BackwardToStates(const std::optional<ConstMatrix>& mask, ConstMatrix logit_gradient,
                           Matrix state_gradient, const Cancellation& cancellation) {
  const int batch = logit_gradient.rows;
  const Matrix hidden = Hidden(hidden_, batch);
  const Matrix gradient = Hidden(hidden_gradient_, batch);
  Multiply(logit_gradient, backward_output_, gradient, Write::kSet, cancellation);
  for (int row = 0; row < batch; ++row) {
    cancellation.Check();
    RectifyBackward(gradient.stride, RowOrNull(mask, row), hidden.Row(row), gradient.Row(row));
  }
  Multiply(gradient, backward_hidden_, state_gradient, Write::kSet, cancellation);
}

// MultiplyPacked, some panels a task: enough work to be worth a thread's waking. Some rows at a time, so that
// a cancelled call need not wait for all of them.
void Mlp::Multiply(ConstMatrix a, const AlignedBuffer<Scalar>& packed, Matrix c, Write write,
                   const Cancellation& cancellation) const {
  constexpr int kRows = 256;
  const int width = 2 * PanelWidth(kernels_);
  pool_.Run((c.columns + width - 1) / width, [&](int task) {
    const int first = task * width;
    const Matrix columns = c.Columns(first, std::min(width, c.columns - first));
    const Scalar* panels = packed.data() + static_cast<std::ptrdiff_t>(first) * a.columns;
    for (int row = 0; row < a.rows; row += kRows) {
      cancellation.Check();
      const int rows = std::min(kRows, a.rows - row);
      MultiplyPacked(kernels_, a.Rows(row, rows), panels, columns.Rows(row, rows), write);
    }
  });
}

// gradient [outputs][inputs] += output_gradientᵀ·input, of output_gradient [B][outputs] and input
// [B][inputs]: some outputs a task and some inputs at a time.
void Mlp::AddWeightGradient(ConstMatrix output_gradient, ConstMatrix input, Scalar* gradient,
                            const Cancellation& cancellation) {
  constexpr int kOutputs = 64;
  const int outputs = output_gradient.columns;
  const int inputs = input.columns;
  const int width = 64 * PanelWidth(kernels_);
  pool_.Run((outputs + kOutputs - 1) / kOutputs, [&](int task) {
    const int first = task * kOutputs;
    const int count = std::min(kOutputs, outputs - first);
    const Matrix sums{sums_.data() + first * input.stride, count, inputs, input.stride};
    Scalar* transposed = transposed_.data() + static_cast<std::ptrdiff_t>(first) * input.rows;
    for (int column = 0; column < inputs; column += width) {
      cancellation.Check();
      const int columns = std::min(width, inputs - column);
      MultiplyTransposed(kernels_, output_gradient.Columns(first, count), input.Columns(column, columns),
                         sums.Columns(column, columns), transposed, Write::kSet);
    }
    const Matrix to = DenseMatrix(gradient, outputs, inputs).Rows(first, count);
    for (int row = 0; row < count; ++row) {
      for (int j = 0; j < inputs; ++j) to.Row(row)[j] += sums.Row(row)[j];
    }
  });
}

}  // namespace advnative
