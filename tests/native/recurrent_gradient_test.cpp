// The gradients of one direction of every recurrent cell against finite differences.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "direction_case.h"
#include "finite_differences.h"

namespace advnative {

using testing::DirectionCase;
using testing::RandomNumbers;

namespace {

void CheckEveryGradient(DirectionCase& direction_case) {
  const auto direction = RandomNumbers(8, direction_case.StateCount());
  const auto objective = [&] {
    const auto states = direction_case.Forward(PassKind::kPrediction);
    return std::inner_product(states.begin(), states.end(), direction.begin(), 0.0);
  };
  direction_case.Backward(direction);
  const auto check = [&](const char* name, std::vector<double>& x, const std::vector<double>& gradient) {
    REQUIRE(x.size() == gradient.size());
    testing::CheckGradient(name, x.data(), gradient.data(), gradient.size(), objective);
  };
  check("input weights", direction_case.input_weights, direction_case.dW);
  check("recurrent weights", direction_case.recurrent_weights, direction_case.dU);
  check("bias", direction_case.bias, direction_case.db);
  if (direction_case.has_candidate_bias())
    check("candidate bias", direction_case.candidate_bias, direction_case.dc);
  check("input", direction_case.input, direction_case.dx);
}

}  // namespace

TEST_CASE("gradients of weights, biases and inputs equal finite differences") {
  for (const CellType type : kEveryCell) {
    for (const RecurrentShape shape : {RecurrentShape{3, 5}, RecurrentShape{4, 9}}) {
      CAPTURE(std::string(CellName(type)));
      DirectionCase direction_case(type, shape, {3, 1, 4, 4, 2});
      CheckEveryGradient(direction_case);
    }
  }
}

TEST_CASE("gradients of the states after every token, in both directions, equal finite differences") {
  for (const CellType type : kEveryCell) {
    for (const Direction order : {Direction::kForward, Direction::kReverse}) {
      CAPTURE(std::string(CellName(type)));
      DirectionCase direction_case(type, {3, 5}, {3, 1, 4, 2});
      direction_case.AskForTokens(order);
      CheckEveryGradient(direction_case);
    }
  }
}

TEST_CASE("gradients gathered over several chunks equal finite differences") {
  // 20 texts of about 40 tokens are more rows than one chunk holds.
  std::vector<int> lengths;
  for (int i = 0; i < 20; ++i) lengths.push_back(40 - i % 7);
  for (const CellType type : kEveryCell) {
    CAPTURE(std::string(CellName(type)));
    DirectionCase direction_case(type, {3, 6}, lengths);
    CheckEveryGradient(direction_case);
  }
}

TEST_CASE("gradients summed by word equal those token by token") {
  for (const CellType type : kEveryCell) {
    CAPTURE(std::string(CellName(type)));
    const RecurrentShape shape{7, 33};
    std::vector<int> lengths;
    for (int i = 0; i < 20; ++i) lengths.push_back(40 - i % 7);
    DirectionCase words(type, shape, lengths);
    words.DrawWords(5);
    auto direction = RandomNumbers(8, words.texts() * words.H);
    words.Backward(direction);
    const std::vector<double> by_token = words.dW;
    std::vector<double> table_gradient(words.table.size());
    for (std::size_t t = 0; t < words.tokens(); ++t) {
      const auto word = static_cast<std::size_t>(words.workspace.words[t]);
      for (std::size_t j = 0; j < words.E; ++j) {
        table_gradient[word * words.E + j] += words.dx[t * words.E + j];
      }
    }
    const RecurrentInputs inputs = words.WordInputs();
    words.cell->ClearGradients(words.workspace);
    RecurrentBackwardPass(*words.cell, words.slice(), inputs, words.workspace, *words.scratch,
                          words.View(direction), Cancellation{});
    std::vector<Scalar> by_word(table_gradient.size());
    words.cell->AddWords(std::array{&words.workspace}, 0, inputs.table.rows, *words.scratch);
    words.cell->AddTableGradient(words.workspace, 0, inputs.table.rows, *words.scratch,
                                 DenseMatrix(by_word.data(), inputs.table.rows, shape.embedding));
    for (int part = 0; part < 2; ++part) {
      words.cell->AddWordProducts(inputs.table, words.workspace, part, 2, *words.scratch, Cancellation{});
    }
    std::fill(words.dW.begin(), words.dW.end(), 0.0);
    words.AddGradients();
    double largest = 0.0;
    for (std::size_t i = 0; i < by_token.size(); ++i) {
      REQUIRE(testing::RelativeError(words.dW[i], by_token[i], 1e-3) <= 1e-10);
      largest = std::max(largest, std::abs(by_token[i]));
    }
    REQUIRE(largest > 0.1);
    for (std::size_t i = 0; i < table_gradient.size(); ++i) {
      const double gradient = by_word[i];
      REQUIRE(testing::RelativeError(gradient, table_gradient[i], 1e-3) <= 1e-10);
    }
  }
}

}  // namespace advnative
