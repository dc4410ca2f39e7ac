#include "cpu/layers/pooling.h"

#include <algorithm>
#include <vector>

#include "cpu/layers/each_text.h"

namespace advnative {

namespace {

void Maximum(const Text& text, ConstMatrix tokens, Scalar* to) {
  std::copy_n(tokens.Row(text.begin), tokens.columns, to);
  for (int token = text.begin + 1; token < text.end; ++token) {
    const Scalar* state = tokens.Row(token);
    for (int j = 0; j < tokens.columns; ++j) to[j] = state[j] > to[j] ? state[j] : to[j];
  }
}

void Mean(const Text& text, ConstMatrix tokens, Scalar* to) {
  std::fill_n(to, tokens.columns, Scalar(0));
  for (int token = text.begin; token < text.end; ++token) {
    const Scalar* state = tokens.Row(token);
    for (int j = 0; j < tokens.columns; ++j) to[j] += state[j];
  }
  for (int j = 0; j < tokens.columns; ++j) to[j] /= text.length();
}

// What of the gradient is left goes to the token whose state is the maximum.
void AddMaximumGradient(const Text& text, ConstMatrix tokens, const Scalar* maximum, const Scalar* gradient,
                        Matrix token_gradient) {
  std::vector<Scalar> left(gradient, gradient + tokens.columns);
  for (int token = text.begin; token < text.end; ++token) {
    const Scalar* state = tokens.Row(token);
    Scalar* to = token_gradient.Row(token);
    for (int j = 0; j < tokens.columns; ++j) {
      Scalar& rest = left[static_cast<std::size_t>(j)];
      const bool has_it = state[j] == maximum[j];
      to[j] += has_it ? rest : Scalar(0);
      rest = has_it ? Scalar(0) : rest;
    }
  }
}

// Every token's row begins with its share of the mean's gradient, or with zeros.
void SetMeanGradient(const Text& text, const Scalar* gradient, Matrix token_gradient) {
  Scalar* first = token_gradient.Row(text.begin);
  for (int j = 0; j < token_gradient.columns; ++j) {
    first[j] = gradient == nullptr ? Scalar(0) : gradient[j] / text.length();
  }
  for (int token = text.begin + 1; token < text.end; ++token) {
    std::copy_n(first, token_gradient.columns, token_gradient.Row(token));
  }
}

}  // namespace

void PoolTokens(ThreadPool& pool, const std::vector<Pooling>& list, const std::vector<std::int32_t>& offsets,
                ConstMatrix tokens, Matrix pooled, const Cancellation& cancellation) {
  const Matrix maximum = PooledBy(Pooling::kMax, list, pooled);
  const Matrix mean = PooledBy(Pooling::kMean, list, pooled);
  ForEachText(pool, offsets, cancellation, [&](const Text& text) {
    if (maximum.data != nullptr) Maximum(text, tokens, maximum.Row(text.row));
    if (mean.data != nullptr) Mean(text, tokens, mean.Row(text.row));
  });
}

void PoolTokensBack(ThreadPool& pool, const std::vector<Pooling>& list,
                    const std::vector<std::int32_t>& offsets, ConstMatrix tokens, ConstMatrix pooled,
                    ConstMatrix pooled_gradient, Matrix token_gradient, const Cancellation& cancellation) {
  const ConstMatrix maximum = PooledBy(Pooling::kMax, list, pooled);
  const ConstMatrix maximum_gradient = PooledBy(Pooling::kMax, list, pooled_gradient);
  const ConstMatrix mean_gradient = PooledBy(Pooling::kMean, list, pooled_gradient);
  ForEachText(pool, offsets, cancellation, [&](const Text& text) {
    SetMeanGradient(text, mean_gradient.data == nullptr ? nullptr : mean_gradient.Row(text.row),
                    token_gradient);
    if (maximum.data == nullptr) return;
    AddMaximumGradient(text, tokens, maximum.Row(text.row), maximum_gradient.Row(text.row), token_gradient);
  });
}

}  // namespace advnative
