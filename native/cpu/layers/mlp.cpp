#include "cpu/layers/mlp.h"

#include <algorithm>

#include "cpu/layers/packing.h"

namespace advnative {

namespace {

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
      logit_stride_(PaddedWidth(kernels, shape.classes)),
      weight_gradient_(kernels, pool) {}

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
  weight_gradient_.VisitBuffers(
      std::max(shape_.classes, shape_.hidden),
      std::max(Size(shape_.classes, hidden_stride_), Size(shape_.hidden, state_stride_)), batch, visit);
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
  weight_gradient_.Add(logit_gradient, Hidden(hidden_, states.rows), gradients.output_weights, cancellation);
  AddBiasGradient(logit_gradient, gradients.output_bias, cancellation);
  weight_gradient_.Add(hidden_gradient, states, gradients.hidden_weights, cancellation);
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

}  // namespace advnative
