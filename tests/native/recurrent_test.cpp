// One direction of every recurrent cell against a naive one written from the formulas, and its gradients
// against finite differences.
#include "cpu/layers/recurrent.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "batch_maker.h"
#include "finite_differences.h"
#include "naive_cells.h"

namespace advnative {

using testing::Kernels;
using testing::NaiveState;
using testing::RandomNumbers;

namespace {

// A direction with random weights over texts of given lengths, in either scalar type.
template <typename Scalar>
struct DirectionCase {
  DirectionCase(CellType cell_type, RecurrentShape direction_shape, const std::vector<int>& lengths)
      : type(cell_type),
        shape(direction_shape),
        E(static_cast<std::size_t>(direction_shape.embedding)),
        H(static_cast<std::size_t>(direction_shape.hidden)),
        G(static_cast<std::size_t>(GateCount(cell_type))),
        input_weights(RandomNumbers<Scalar>(1, G * H * E)),
        recurrent_weights(RandomNumbers<Scalar>(2, G * H * H)),
        bias(RandomNumbers<Scalar>(3, G * H)),
        candidate_bias(RandomNumbers<Scalar>(4, H)),
        cell(CreateCell(cell_type, Kernels<Scalar>(), direction_shape)) {
    std::vector<std::int32_t> offsets{0};
    for (const int length : lengths) offsets.push_back(offsets.back() + length);
    // Recurrent weights of this size keep the states away from saturation.
    for (Scalar& weight : recurrent_weights)
      weight *= static_cast<Scalar>(1.0 / std::sqrt(static_cast<double>(H)));
    slices = CutIntoSlices(offsets);
    REQUIRE(slices.size() == 1);
    input = RandomNumbers<Scalar>(5, tokens() * E);
  }

  const Slice& slice() const { return slices[0]; }
  std::size_t tokens() const { return static_cast<std::size_t>(slice().tokens()); }
  std::size_t texts() const { return static_cast<std::size_t>(slice().rows()); }
  bool has_candidate_bias() const { return type == CellType::kGru; }

  RecurrentInputs<Scalar> inputs() const { return {0, nullptr, nullptr, true}; }

  // Makes every input a row of a table of V words.
  void DrawWords(int vocabulary) {
    table = RandomNumbers<Scalar>(6, static_cast<std::size_t>(vocabulary) * E);
    workspace.words.resize(tokens());
    for (std::size_t t = 0; t < tokens(); ++t) {
      const auto word = (t * t + 3 * t) % static_cast<std::size_t>(vocabulary);
      workspace.words[t] = static_cast<std::int32_t>(word);
      std::copy_n(table.data() + word * E, E, input.data() + t * E);
    }
  }

  // Inputs by word: the sums of the table's rows looked up, the gradients those of weights and table alone.
  RecurrentInputs<Scalar> WordInputs() {
    const int vocabulary = static_cast<int>(table.size() / E);
    projections.Reserve(static_cast<std::size_t>(vocabulary * cell->gates() * cell->stride()));
    cell->Project(vocabulary, table.data(), projections.data());
    return {vocabulary, table.data(), projections.data(), false};
  }

  // [texts][H], by the fast kernels.
  std::vector<Scalar> Forward(bool keep) {
    cell->Pack({input_weights.data(), recurrent_weights.data(), bias.data(),
                has_candidate_bias() ? candidate_bias.data() : nullptr});
    const auto stride = static_cast<std::size_t>(cell->input_stride());
    workspace.input.Zero(tokens() * stride);
    for (std::size_t t = 0; t < tokens(); ++t) {
      for (std::size_t j = 0; j < E; ++j) workspace.input[t * stride + j] = input[t * E + j];
    }
    std::vector<Scalar> states(texts() * H);
    RecurrentForwardPass(*cell, slice(), inputs(), workspace, keep, states.data(), shape.hidden,
                         Cancellation{});
    return states;
  }

  // The gradients of direction·states in the tensors' own layout, and of the inputs.
  void Backward(const std::vector<Scalar>& direction) {
    Forward(true);
    cell->ClearGradients(workspace);
    RecurrentBackwardPass(*cell, slice(), inputs(), workspace, direction.data(), shape.hidden,
                          Cancellation{});
    dW.assign(G * H * E, Scalar(0));
    dU.assign(G * H * H, Scalar(0));
    db.assign(G * H, Scalar(0));
    dc.assign(H, Scalar(0));
    cell->AddGradients(workspace,
                       {dW.data(), dU.data(), db.data(), has_candidate_bias() ? dc.data() : nullptr});
    const auto stride = static_cast<std::size_t>(cell->input_stride());
    dx.clear();
    for (std::size_t t = 0; t < tokens(); ++t) {
      for (std::size_t j = 0; j < E; ++j) dx.push_back(workspace.input_gradient[t * stride + j]);
    }
  }

  // The states from the formulas, in double.
  std::vector<double> NaiveForward() const {
    const auto widen = [](const std::vector<Scalar>& from) {
      return std::vector<double>(from.begin(), from.end());
    };
    const testing::NaiveWeights weights{
        E, H, widen(input_weights), widen(recurrent_weights), widen(bias), widen(candidate_bias)};
    const std::vector<double> x = widen(input);
    std::vector<double> states(texts() * H);
    for (int row = 0; row < slice().rows(); ++row) {
      NaiveState state{std::vector<double>(H), std::vector<double>(H)};
      for (int step = 0; step < slice().lengths[static_cast<std::size_t>(row)]; ++step) {
        const auto token = static_cast<std::size_t>(slice().step_begin[static_cast<std::size_t>(step)] + row);
        state = NaiveStep(type, weights, x.data() + token * E, state);
      }
      std::copy(state.hidden.begin(), state.hidden.end(),
                states.begin() + slice().texts[static_cast<std::size_t>(row)] * shape.hidden);
    }
    return states;
  }

  CellType type;
  RecurrentShape shape;
  std::size_t E;
  std::size_t H;
  std::size_t G;
  std::vector<Scalar> input_weights;
  std::vector<Scalar> recurrent_weights;
  std::vector<Scalar> bias;
  std::vector<Scalar> candidate_bias;
  std::unique_ptr<RecurrentCell<Scalar>> cell;
  std::vector<Slice> slices;
  std::vector<Scalar> input;
  RecurrentWorkspace<Scalar> workspace;
  std::vector<Scalar> dW, dU, db, dc, dx;
  std::vector<Scalar> table;
  AlignedBuffer<Scalar> projections;
};

const std::vector<RecurrentShape> kShapes{{1, 1}, {3, 5}, {20, 16}, {7, 33}, {15, 50}};

void CheckEveryGradient(DirectionCase<double>& direction_case) {
  const auto direction = RandomNumbers<double>(8, direction_case.texts() * direction_case.H);
  const auto objective = [&] {
    const auto states = direction_case.Forward(false);
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

TEST_CASE_TEMPLATE("the forward pass equals a naive one on ragged texts", Scalar, float, double) {
  const double tolerance = std::is_same_v<Scalar, float> ? 5e-6 : 1e-13;
  for (const CellType type : kEveryCell) {
    for (const RecurrentShape shape : kShapes) {
      for (const bool keep : {false, true}) {
        CAPTURE(std::string(CellName(type)));
        CAPTURE(shape.hidden);
        DirectionCase<Scalar> ragged(type, shape, {3, 9, 1, 4, 9, 9, 2, 5, 6, 7, 1});
        const auto states = ragged.Forward(keep);
        const auto expected = ragged.NaiveForward();
        for (std::size_t i = 0; i < states.size(); ++i) {
          REQUIRE(std::abs(static_cast<double>(states[i]) - expected[i]) <= tolerance);
        }
      }
    }
  }
}

TEST_CASE_TEMPLATE("a text's state is the same bits whatever texts are beside it", Scalar, float, double) {
  const RecurrentShape shape{7, 33};
  for (const CellType type : kEveryCell) {
    CAPTURE(std::string(CellName(type)));
    DirectionCase<Scalar> together(type, shape, {4, 9, 2, 6, 9, 1, 3, 8, 5, 5, 7});
    const auto states = together.Forward(false);
    for (int row = 0; row < together.slice().rows(); ++row) {
      const int length = together.slice().lengths[static_cast<std::size_t>(row)];
      DirectionCase<Scalar> alone(type, shape, {length});
      for (int step = 0; step < length; ++step) {
        const auto token =
            static_cast<std::size_t>(together.slice().step_begin[static_cast<std::size_t>(step)] + row);
        std::copy_n(together.input.begin() + static_cast<std::ptrdiff_t>(token * 7), 7,
                    alone.input.begin() + step * 7);
      }
      const auto state = alone.Forward(true);
      const auto text = static_cast<std::size_t>(together.slice().texts[static_cast<std::size_t>(row)]);
      for (std::size_t j = 0; j < 33; ++j) REQUIRE(states[text * 33 + j] == state[j]);
    }
  }
}

TEST_CASE("gradients of weights, biases and inputs equal finite differences") {
  for (const CellType type : kEveryCell) {
    for (const RecurrentShape shape : {RecurrentShape{3, 5}, RecurrentShape{4, 9}}) {
      CAPTURE(std::string(CellName(type)));
      DirectionCase<double> direction_case(type, shape, {3, 1, 4, 4, 2});
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
    DirectionCase<double> direction_case(type, {3, 6}, lengths);
    CheckEveryGradient(direction_case);
  }
}

TEST_CASE("a workspace used before gives the same bits as a fresh one") {
  for (const CellType type : kEveryCell) {
    CAPTURE(std::string(CellName(type)));
    DirectionCase<float> fresh(type, {3, 20}, {5, 2, 7});
    const auto direction = RandomNumbers<float>(8, fresh.texts() * fresh.H);
    const auto states = fresh.Forward(false);
    fresh.Backward(direction);
    const std::vector<float> dU = fresh.dU;
    fresh.Backward(direction);
    CHECK(fresh.dU == dU);
    CHECK(fresh.Forward(false) == states);
  }
}

TEST_CASE_TEMPLATE("input sums looked up by word give the bits of those computed", Scalar, float, double) {
  for (const CellType type : kEveryCell) {
    for (const RecurrentShape shape : kShapes) {
      CAPTURE(std::string(CellName(type)));
      CAPTURE(shape.hidden);
      DirectionCase<Scalar> words(type, shape, {3, 9, 1, 4, 9, 9, 2, 5, 6, 7, 1});
      words.DrawWords(5);
      const auto computed = words.Forward(false);
      std::vector<Scalar> states(computed.size());
      RecurrentForwardPass(*words.cell, words.slice(), words.WordInputs(), words.workspace, false,
                           states.data(), shape.hidden, Cancellation{});
      CHECK(states == computed);
    }
  }
}

TEST_CASE("gradients summed by word equal those token by token") {
  for (const CellType type : kEveryCell) {
    CAPTURE(std::string(CellName(type)));
    const RecurrentShape shape{7, 33};
    std::vector<int> lengths;
    for (int i = 0; i < 20; ++i) lengths.push_back(40 - i % 7);
    DirectionCase<double> words(type, shape, lengths);
    words.DrawWords(5);
    const auto direction = RandomNumbers<double>(8, words.texts() * words.H);
    words.Backward(direction);
    const std::vector<double> by_token = words.dW;
    std::vector<double> table_gradient(words.table.size());
    for (std::size_t t = 0; t < words.tokens(); ++t) {
      const auto word = static_cast<std::size_t>(words.workspace.words[t]);
      for (std::size_t j = 0; j < words.E; ++j) {
        table_gradient[word * words.E + j] += words.dx[t * words.E + j];
      }
    }
    const RecurrentInputs<double> inputs = words.WordInputs();
    words.cell->ClearGradients(words.workspace);
    RecurrentBackwardPass(*words.cell, words.slice(), inputs, words.workspace, direction.data(), shape.hidden,
                          Cancellation{});
    std::fill(words.dW.begin(), words.dW.end(), 0.0);
    words.cell->AddGradients(words.workspace, {words.dW.data(), words.dU.data(), words.db.data(),
                                               words.has_candidate_bias() ? words.dc.data() : nullptr});
    double largest = 0.0;
    for (std::size_t i = 0; i < by_token.size(); ++i) {
      REQUIRE(testing::RelativeError(words.dW[i], by_token[i], 1e-3) <= 1e-10);
      largest = std::max(largest, std::abs(by_token[i]));
    }
    REQUIRE(largest > 0.1);
    const auto stride = static_cast<std::size_t>(words.cell->input_stride());
    for (std::size_t i = 0; i < table_gradient.size(); ++i) {
      const double gradient = words.workspace.table_gradient[i / words.E * stride + i % words.E];
      REQUIRE(testing::RelativeError(gradient, table_gradient[i], 1e-3) <= 1e-10);
    }
  }
}

TEST_CASE("a requested cancellation ends both passes") {
  DirectionCase<float> stopped(CellType::kGru, {3, 5}, {4, 2});
  stopped.Forward(true);
  Cancellation cancellation;
  cancellation.Request();
  std::vector<float> states(2 * stopped.H);
  CHECK_THROWS_AS(RecurrentForwardPass(*stopped.cell, stopped.slice(), stopped.inputs(), stopped.workspace,
                                       true, states.data(), 5, cancellation),
                  Error);
  stopped.cell->ClearGradients(stopped.workspace);
  CHECK_THROWS_AS(RecurrentBackwardPass(*stopped.cell, stopped.slice(), stopped.inputs(), stopped.workspace,
                                        states.data(), 5, cancellation),
                  Error);
}

}  // namespace advnative
