// The gradients of attention against finite differences.
#include <doctest/doctest.h>

#include <algorithm>

#include "attention_case.h"
#include "finite_differences.h"

namespace advnative {

using testing::AttentionCase;

TEST_CASE("gradients of attention equal finite differences, and are added to what is there") {
  // In all more tokens than a weight gradient reads at a time, most of them in texts whose gradient is 0.
  AttentionCase attention({0, 3, 4, 9, 500, 530}, 2);
  constexpr std::size_t kStates = AttentionCase::kStates;
  const auto stride = static_cast<std::size_t>(AttentionCase::stride());
  auto direction = testing::RandomNumbers(8, attention.pooled.size());
  for (std::size_t i = 0; i < direction.size(); ++i) {
    if (i / stride == 3 || i % stride >= kStates) direction[i] = 0.0;
  }
  const auto objective = [&] {
    attention.Forward();
    double sum = 0.0;
    for (std::size_t i = 0; i < direction.size(); ++i) sum += direction[i] * attention.pooled[i];
    return sum;
  };
  objective();
  std::vector<double> weights(kStates * kStates, 1.0), bias(kStates, 2.0), context(kStates, 3.0);
  std::vector<double> tokens(attention.tokens.size(), 4.0);
  const AttentionTensors<double> gradients{weights.data(), bias.data(), context.data()};
  const auto backward = [&](const std::optional<AttentionTensors<double>>& wanted) {
    objective();
    attention.attention.Backward(attention.offsets, AttentionCase::View(attention.tokens),
                                 AttentionCase::View(attention.pooled), AttentionCase::View(direction),
                                 wanted, AttentionCase::View(tokens), Cancellation{});
  };
  backward(gradients);
  const auto check = [&](const char* name, std::vector<double>& values, std::vector<double> gradient,
                         double before) {
    for (double& element : gradient) element -= before;
    testing::CheckGradient(name, values.data(), gradient.data(), gradient.size(), objective);
  };
  check("weights", attention.weights, weights, 1.0);
  check("bias", attention.bias, bias, 2.0);
  check("context", attention.context, context, 3.0);
  for (const int token : {0, 1, 2, 3, 4, 8, 500, 512, 529}) {
    const std::size_t at = static_cast<std::size_t>(token) * stride;
    std::vector<double> gradient(tokens.begin() + static_cast<std::ptrdiff_t>(at),
                                 tokens.begin() + static_cast<std::ptrdiff_t>(at + kStates));
    for (double& element : gradient) element -= 4.0;
    testing::CheckGradient("tokens", attention.tokens.data() + at, gradient.data(), kStates, objective);
  }
  CHECK(tokens[100 * stride] == 4.0);
  // Those of the states are the same alone.
  const std::vector<double> expected = tokens;
  std::fill(tokens.begin(), tokens.end(), 4.0);
  backward(std::nullopt);
  CHECK(tokens == expected);
}

}  // namespace advnative
