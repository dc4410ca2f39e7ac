// One direction of every recurrent cell against a naive one written from the formulas.
#include "cpu/layers/recurrent.h"

#include <doctest/doctest.h>

#include <cmath>

#include "batch_maker.h"
#include "direction_case.h"

namespace advnative {

using testing::DirectionCase;
using testing::RandomNumbers;

namespace {

const std::vector<RecurrentShape> kShapes{{1, 1}, {3, 5}, {20, 16}, {7, 33}, {15, 50}};

}  // namespace

TEST_CASE("the forward pass equals a naive one on ragged texts") {
  const double tolerance = std::is_same_v<Scalar, float> ? 5e-6 : 1e-13;
  for (const CellType type : kEveryCell) {
    for (const RecurrentShape shape : kShapes) {
      for (const PassKind kind : {PassKind::kPrediction, PassKind::kTraining}) {
        CAPTURE(std::string(CellName(type)));
        CAPTURE(shape.hidden);
        DirectionCase ragged(type, shape, {3, 9, 1, 4, 9, 9, 2, 5, 6, 7, 1});
        const auto states = ragged.Forward(kind);
        const auto expected = ragged.NaiveForward();
        for (std::size_t i = 0; i < states.size(); ++i) {
          REQUIRE(std::abs(static_cast<double>(states[i]) - expected[i]) <= tolerance);
        }
      }
    }
  }
}

TEST_CASE("a text's state is the same bits whatever texts are beside it") {
  const RecurrentShape shape{7, 33};
  for (const CellType type : kEveryCell) {
    CAPTURE(std::string(CellName(type)));
    DirectionCase together(type, shape, {4, 9, 2, 6, 9, 1, 3, 8, 5, 5, 7});
    const auto states = together.Forward(PassKind::kPrediction);
    for (int row = 0; row < together.slice().rows(); ++row) {
      const int length = together.slice().lengths[static_cast<std::size_t>(row)];
      DirectionCase alone(type, shape, {length});
      for (int step = 0; step < length; ++step) {
        const auto token =
            static_cast<std::size_t>(together.slice().step_begin[static_cast<std::size_t>(step)] + row);
        std::copy_n(together.input.begin() + static_cast<std::ptrdiff_t>(token * 7), 7,
                    alone.input.begin() + step * 7);
      }
      const auto state = alone.Forward(PassKind::kTraining);
      const auto text = static_cast<std::size_t>(together.slice().texts[static_cast<std::size_t>(row)]);
      for (std::size_t j = 0; j < 33; ++j) REQUIRE(states[text * 33 + j] == state[j]);
    }
  }
}

TEST_CASE("a workspace used before gives the same bits as a fresh one") {
  for (const CellType type : kEveryCell) {
    CAPTURE(std::string(CellName(type)));
    DirectionCase fresh(type, {3, 20}, {5, 2, 7});
    const auto direction = RandomNumbers(8, fresh.texts() * fresh.H);
    const auto states = fresh.Forward(PassKind::kPrediction);
    fresh.Backward(direction);
    const std::vector<Scalar> dU = fresh.dU;
    fresh.Backward(direction);
    CHECK(fresh.dU == dU);
    CHECK(fresh.Forward(PassKind::kPrediction) == states);
  }
}

TEST_CASE("input sums looked up by word give the bits of those computed") {
  for (const CellType type : kEveryCell) {
    for (const RecurrentShape shape : kShapes) {
      CAPTURE(std::string(CellName(type)));
      CAPTURE(shape.hidden);
      DirectionCase words(type, shape, {3, 9, 1, 4, 9, 9, 2, 5, 6, 7, 1});
      words.DrawWords(5);
      const auto computed = words.Forward(PassKind::kPrediction);
      std::vector<Scalar> states(computed.size());
      RecurrentForwardPass(*words.cell, words.slice(), words.WordInputs(), words.workspace, *words.scratch,
                           PassKind::kPrediction, words.View(states), Cancellation{});
      CHECK(states == computed);
    }
  }
}

TEST_CASE("a requested cancellation ends both passes") {
  DirectionCase stopped(CellType::kGru, {3, 5}, {4, 2});
  stopped.Forward(PassKind::kTraining);
  Cancellation cancellation;
  cancellation.Request();
  std::vector<Scalar> states(2 * stopped.H);
  CHECK_THROWS_AS(
      RecurrentForwardPass(*stopped.cell, stopped.slice(), stopped.inputs(), stopped.workspace,
                           *stopped.scratch, PassKind::kTraining, stopped.View(states), cancellation),
      Error);
  stopped.cell->ClearGradients(stopped.workspace);
  CHECK_THROWS_AS(RecurrentBackwardPass(*stopped.cell, stopped.slice(), stopped.inputs(), stopped.workspace,
                                        *stopped.scratch, stopped.View(states), cancellation),
                  Error);
}

}  // namespace advnative
