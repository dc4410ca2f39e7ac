// Attention against its formulas.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "attention_case.h"

namespace advnative {

using testing::AttentionCase;

namespace {

// A text of one token, and one of several blocks of tokens.
const std::vector<std::int32_t> kOffsets{0, 3, 4, 9, 300, 311};

// By the formulas, of one text.
std::vector<double> Naive(const AttentionCase& of, std::size_t text) {
  constexpr std::size_t kStates = AttentionCase::kStates;
  const auto begin = static_cast<std::size_t>(of.offsets[text]);
  const auto end = static_cast<std::size_t>(of.offsets[text + 1]);
  const auto state = [&](std::size_t token, std::size_t unit) {
    return static_cast<double>(of.tokens[token * static_cast<std::size_t>(AttentionCase::stride()) + unit]);
  };
  std::vector<double> scores;
  for (std::size_t token = begin; token < end; ++token) {
    double score = 0.0;
    for (std::size_t row = 0; row < kStates; ++row) {
      double sum = static_cast<double>(of.bias[row]);
      for (std::size_t unit = 0; unit < kStates; ++unit) {
        sum += static_cast<double>(of.weights[row * kStates + unit]) * state(token, unit);
      }
      score += static_cast<double>(of.context[row]) * std::tanh(sum);
    }
    scores.push_back(score);
  }
  const double largest = *std::max_element(scores.begin(), scores.end());
  double total = 0.0;
  for (const double score : scores) total += std::exp(score - largest);
  std::vector<double> text_state(kStates);
  for (std::size_t token = begin; token < end; ++token) {
    for (std::size_t unit = 0; unit < kStates; ++unit) {
      text_state[unit] += std::exp(scores[token - begin] - largest) / total * state(token, unit);
    }
  }
  return text_state;
}

void CheckFormulas(AttentionCase& attention, double tolerance) {
  attention.Forward();
  for (std::size_t text = 0; text + 1 < attention.offsets.size(); ++text) {
    const std::vector<double> expected = Naive(attention, text);
    for (int unit = 0; unit < AttentionCase::kStates; ++unit) {
      CAPTURE(text);
      CAPTURE(unit);
      const Scalar value = AttentionCase::View(attention.pooled).Row(static_cast<std::ptrdiff_t>(text))[unit];
      REQUIRE(std::abs(static_cast<double>(value) - expected[static_cast<std::size_t>(unit)]) <= tolerance);
    }
  }
}

}  // namespace

TEST_CASE("attended states equal their formulas, with scores of any size") {
  const bool single = std::is_same_v<Scalar, float>;
  AttentionCase attention(kOffsets, 2);
  CheckFormulas(attention, single ? 1e-6 : 1e-14);
  // The exponential of such a score is infinite, and of its negative 0.
  for (Scalar& value : attention.context) value *= Scalar(2000);
  CheckFormulas(attention, single ? 2e-3 : 1e-11);
}

TEST_CASE("a text is attended to the same bits alone and for any number of threads") {
  AttentionCase several(kOffsets, 3);
  several.Forward();
  for (std::size_t text = 0; text + 1 < kOffsets.size(); ++text) {
    const std::int32_t length = kOffsets[text + 1] - kOffsets[text];
    AttentionCase alone({0, length}, 1);
    const auto stride = static_cast<std::size_t>(AttentionCase::stride());
    std::copy_n(several.tokens.data() + static_cast<std::size_t>(kOffsets[text]) * stride,
                alone.tokens.size(), alone.tokens.data());
    alone.Forward();
    CHECK(std::equal(alone.pooled.begin(), alone.pooled.end(), several.pooled.data() + text * stride));
  }
}

TEST_CASE("cancelled attention stops") {
  AttentionCase attention(kOffsets, 2);
  attention.Forward();
  Cancellation cancellation;
  cancellation.Request();
  const Matrix tokens = AttentionCase::View(attention.tokens);
  const Matrix pooled = AttentionCase::View(attention.pooled);
  CHECK_THROWS_AS(attention.attention.Forward(kOffsets, tokens, pooled, cancellation), Error);
  CHECK_THROWS_AS(
      attention.attention.Pack({attention.weights.data(), attention.bias.data(), attention.context.data()},
                               cancellation),
      Error);
  std::vector<Scalar> gradient(attention.tokens.size());
  CHECK_THROWS_AS(attention.attention.Backward(kOffsets, tokens, pooled, pooled, std::nullopt,
                                               AttentionCase::View(gradient), cancellation),
                  Error);
}

}  // namespace advnative
