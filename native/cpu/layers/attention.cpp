#include "cpu/layers/attention.h"

#include <algorithm>
#include <cmath>

#include "cpu/layers/each_text.h"
#include "cpu/layers/packing.h"

namespace advnative {

namespace {

// g·(h − s), in eight interleaved sums of fixed order, which vectors can take without reordering anything.
// The difference comes first: g·h and g·s are nearly the same where states are alike.
Scalar DotDifference(const Scalar* g, const Scalar* h, const Scalar* s, int size) {
  Scalar sums[8] = {};
  int i = 0;
  for (; i + 8 <= size; i += 8) {
    for (int k = 0; k < 8; ++k) sums[k] += g[i + k] * (h[i + k] - s[i + k]);
  }
  for (; i < size; ++i) sums[i % 8] += g[i] * (h[i] - s[i]);
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

// to [size] += factor·values [size].
void AddScaled(Scalar factor, const Scalar* values, Scalar* to, int size) {
  for (int j = 0; j < size; ++j) to[j] += factor * values[j];
}

// From the scores of a text's tokens to their weights α.
void Softmax(const Text& text, Matrix scores) {
  Scalar largest = *scores.Row(text.begin);
  for (int token = text.begin + 1; token < text.end; ++token) {
    largest = std::max(largest, *scores.Row(token));
  }
  Scalar sum = 0;
  for (int token = text.begin; token < text.end; ++token) {
    Scalar& score = *scores.Row(token);
    score = std::exp(score - largest);
    sum += score;
  }
  for (int token = text.begin; token < text.end; ++token) *scores.Row(token) /= sum;
}

// s = Σ α_t·h_t.
void SumWeighted(const Text& text, ConstMatrix weights, ConstMatrix tokens, Scalar* sum) {
  std::fill_n(sum, tokens.columns, Scalar(0));
  for (int token = text.begin; token < text.end; ++token) {
    AddScaled(*weights.Row(token), tokens.Row(token), sum, tokens.columns);
  }
}

// From the gradient g of s to the share α_t·g of the states' gradient, and to that of the scores, in the
// place of α: α_t·(d_t − Σ α·d) with d_t = g·(h_t − s). The sum is what rounding made of s, and would be 0
// without. Taken away, it leaves gradients whose sum is 0 to their own rounding, on which those of b and v
// live.
void SumWeightedBack(const Text& text, ConstMatrix tokens, const Scalar* sum, const Scalar* gradient,
                     Matrix scores, Matrix token_gradient) {
  std::vector<Scalar> derivatives;
  Scalar mean = 0;
  for (int token = text.begin; token < text.end; ++token) {
    const Scalar weight = *scores.Row(token);
    AddScaled(weight, gradient, token_gradient.Row(token), tokens.columns);
    derivatives.push_back(DotDifference(gradient, tokens.Row(token), sum, tokens.columns));
    mean += weight * derivatives.back();
  }
  for (int token = text.begin; token < text.end; ++token) {
    *scores.Row(token) *= derivatives[static_cast<std::size_t>(token - text.begin)] - mean;
  }
}

}  // namespace

Attention::Attention(const KernelTable& kernels, ThreadPool& pool, int states)
    : kernels_(kernels),
      pool_(pool),
      states_(states),
      stride_(PaddedWidth(kernels, states)),
      weight_gradient_(kernels, pool) {}

void Attention::VisitWeights(const BufferVisit& visit) {
  visit(forward_weights_, PackedSize(kernels_, states_, states_));
  visit(forward_context_, PackedSize(kernels_, states_, 1));
  visit(backward_weights_, PackedSize(kernels_, states_, states_));
  visit(bias_, static_cast<std::size_t>(stride_));
  visit(context_, static_cast<std::size_t>(stride_));
}

void Attention::VisitBuffers(std::size_t tokens, PassKind kind, const BufferVisit& visit) {
  const auto rows = static_cast<std::ptrdiff_t>(tokens);
  visit(hidden_, Size(rows, stride_));
  visit(scores_, Size(rows, kernels_.lanes));
  if (kind == PassKind::kPrediction) return;
  weight_gradient_.VisitBuffers(states_, Size(states_, stride_), rows, visit);
}

void Attention::Pack(const AttentionTensors<const Scalar>& tensors, const Cancellation& cancellation) {
  VisitWeights(&ReserveBuffer);
  const ConstMatrix weights = DenseMatrix(tensors.weights, states_, states_);
  PackTransposedPanels(kernels_, weights, forward_weights_.data());
  cancellation.Check();
  PackPanels(kernels_, weights, backward_weights_.data());
  cancellation.Check();
  PackTransposedPanels(kernels_, DenseMatrix(tensors.context, 1, states_), forward_context_.data());
  CopyBias(states_, stride_, tensors.bias, bias_);
  CopyBias(states_, stride_, tensors.context, context_);
}

template <typename Work>
void Attention::ForEachBlock(int tokens, const Cancellation& cancellation, Work work) {
  constexpr int kRows = 64;
  pool_.Run((tokens + kRows - 1) / kRows, [&](int task) {
    cancellation.Check();
    work(task * kRows, std::min(kRows, tokens - task * kRows));
  });
}

void Attention::Forward(const std::vector<std::int32_t>& offsets, ConstMatrix tokens, Matrix pooled,
                        const Cancellation& cancellation) {
  const Matrix scores = Scores(tokens.rows);
  ForEachBlock(tokens.rows, cancellation, [&](int first, int rows) {
    const Matrix hidden = Hidden(tokens.rows).Rows(first, rows);
    RepeatBias(bias_, hidden, cancellation);
    MultiplyPacked(kernels_, tokens.Rows(first, rows), forward_weights_.data(), hidden, Write::kAdd);
    kernels_.tanh(hidden.data, Size(rows, stride_));
    MultiplyPacked(kernels_, hidden, forward_context_.data(), scores.Rows(first, rows), Write::kSet);
  });
  ForEachText(pool_, offsets, cancellation, [&](const Text& text) {
    Softmax(text, scores);
    SumWeighted(text, scores, tokens, pooled.Row(text.row));
  });
}

void Attention::Backward(const std::vector<std::int32_t>& offsets, ConstMatrix tokens, ConstMatrix pooled,
                         ConstMatrix pooled_gradient,
                         const std::optional<AttentionTensors<Scalar>>& gradients, Matrix token_gradient,
                         const Cancellation& cancellation) {
  const Matrix scores = Scores(tokens.rows);
  const Matrix hidden = Hidden(tokens.rows);
  ForEachText(pool_, offsets, cancellation, [&](const Text& text) {
    SumWeightedBack(text, tokens, pooled.Row(text.row), pooled_gradient.Row(text.row), scores,
                    token_gradient);
  });
  if (gradients) weight_gradient_.Add(scores, hidden, gradients->context, cancellation);
  ForEachBlock(tokens.rows, cancellation, [&](int first, int rows) {
    for (int row = first; row < first + rows; ++row) {
      Scalar* u = hidden.Row(row);
      const Scalar score = *scores.Row(row);
      for (int j = 0; j < states_; ++j)
        u[j] = score * context_[static_cast<std::size_t>(j)] * (1 - u[j] * u[j]);
    }
    MultiplyPacked(kernels_, hidden.Rows(first, rows), backward_weights_.data(),
                   token_gradient.Rows(first, rows), Write::kAdd);
  });
  if (!gradients) return;
  weight_gradient_.Add(hidden, tokens, gradients->weights, cancellation);
  AddBiasGradient(hidden, gradients->bias, cancellation);
}

}  // namespace advnative
