// One direction of a recurrent cell with random weights and inputs, and its states from the formulas.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "batch_maker.h"
#include "cpu/layers/recurrent.h"
#include "naive_cells.h"

namespace advnative::testing {

// A direction with random weights over texts of given lengths.
struct DirectionCase {
  DirectionCase(CellType cell_type, RecurrentShape direction_shape, const std::vector<int>& lengths)
      : type(cell_type),
        shape(direction_shape),
        E(static_cast<std::size_t>(direction_shape.embedding)),
        H(static_cast<std::size_t>(direction_shape.hidden)),
        G(static_cast<std::size_t>(GateCount(cell_type))),
        input_weights(RandomNumbers(1, G * H * E)),
        recurrent_weights(RandomNumbers(2, G * H * H)),
        bias(RandomNumbers(3, G * H)),
        candidate_bias(RandomNumbers(4, H)),
        cell(CreateCell(cell_type, Kernels(), direction_shape)) {
    for (const int length : lengths) offsets.push_back(offsets.back() + length);
    // Recurrent weights of this size keep the states away from saturation.
    for (Scalar& weight : recurrent_weights)
      weight *= static_cast<Scalar>(1.0 / std::sqrt(static_cast<double>(H)));
    slices = CutIntoSlices(offsets, 1);
    input = RandomNumbers(5, tokens() * E);
  }

  const Slice& slice() const { return slices[0]; }
  std::size_t tokens() const { return static_cast<std::size_t>(slice().tokens()); }
  std::size_t texts() const { return static_cast<std::size_t>(slice().rows()); }
  bool has_candidate_bias() const { return type == CellType::kGru; }

  RecurrentInputs inputs() const {
    return {.table = DenseMatrix<const Scalar>(nullptr, 0, shape.embedding),
            .input_sums = InputSums::kComputed,
            .projections = nullptr,
            .gradients = DirectionGradients::kWeightsAndTokens};
  }

  // Makes every input a row of a table of V words.
  void DrawWords(int vocabulary) {
    table = RandomNumbers(6, static_cast<std::size_t>(vocabulary) * E);
    workspace.words.resize(tokens());
    for (std::size_t t = 0; t < tokens(); ++t) {
      const auto word = (t * t + 3 * t) % static_cast<std::size_t>(vocabulary);
      workspace.words[t] = static_cast<std::int32_t>(word);
      std::copy_n(table.data() + word * E, E, input.data() + t * E);
    }
  }

  // Inputs by word: the sums of the table's rows looked up, the gradients those of weights and table alone.
  RecurrentInputs WordInputs() {
    const int vocabulary = static_cast<int>(table.size() / E);
    projections.Reserve(static_cast<std::size_t>(vocabulary * cell->gates() * cell->stride()));
    const ConstMatrix words = DenseMatrix<const Scalar>(table.data(), vocabulary, shape.embedding);
    cell->Project(words, projections.data());
    return {.table = words,
            .input_sums = InputSums::kLookedUp,
            .projections = projections.data(),
            .gradients = DirectionGradients::kWeightsAndTable};
  }

  // From now on states are those after every token, [tokens][H], of a direction that reads in this order.
  void AskForTokens(Direction order) {
    asks_for_tokens = true;
    direction = order;
  }
  std::size_t StateCount() const { return (asks_for_tokens ? tokens() : texts()) * H; }

  // The last states of the texts or their gradient, [texts][H], unless others were asked for.
  DirectionStates View(std::vector<Scalar>& states) const {
    const Matrix none{nullptr, 0, 0, 0};
    const Matrix rows = DenseMatrix(states.data(), static_cast<int>(states.size() / H), shape.hidden);
    return {asks_for_tokens ? none : rows, asks_for_tokens ? rows : none, offsets, direction};
  }

  // [texts][H], by the fast kernels.
  std::vector<Scalar> Forward(PassKind kind) {
    cell->Pack({input_weights.data(), recurrent_weights.data(), bias.data(),
                has_candidate_bias() ? candidate_bias.data() : nullptr});
    const auto stride = static_cast<std::size_t>(cell->input_stride());
    workspace.input.Zero(tokens() * stride);
    for (std::size_t t = 0; t < tokens(); ++t) {
      for (std::size_t j = 0; j < E; ++j) workspace.input[t * stride + j] = input[t * E + j];
    }
    std::vector<Scalar> states(StateCount());
    RecurrentForwardPass(*cell, slice(), inputs(), workspace, *scratch, kind, View(states), Cancellation{});
    return states;
  }

  // From the gradient of the states to the gradients in the tensors' own layout, and of the inputs.
  void Backward(std::vector<Scalar> gradient) {
    Forward(PassKind::kTraining);
    cell->ClearGradients(workspace);
    RecurrentBackwardPass(*cell, slice(), inputs(), workspace, *scratch, View(gradient), Cancellation{});
    dW.assign(G * H * E, Scalar(0));
    dU.assign(G * H * H, Scalar(0));
    db.assign(G * H, Scalar(0));
    dc.assign(H, Scalar(0));
    AddGradients();
    const auto stride = static_cast<std::size_t>(cell->input_stride());
    dx.clear();
    for (std::size_t t = 0; t < tokens(); ++t) {
      for (std::size_t j = 0; j < E; ++j) dx.push_back(workspace.input_gradient[t * stride + j]);
    }
  }

  // Adds what the workspace has gathered to dW, dU, db and dc, some rows at a time.
  void AddGradients() {
    for (int part = 0; part < 3; ++part) {
      cell->AddGradients(workspace, part, 3,
                         {dW.data(), dU.data(), db.data(), has_candidate_bias() ? dc.data() : nullptr});
    }
  }

  // The states from the formulas, in double.
  std::vector<double> NaiveForward() const {
    const auto widen = [](const std::vector<Scalar>& from) {
      return std::vector<double>(from.begin(), from.end());
    };
    const NaiveWeights weights{
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
  std::vector<std::int32_t> offsets{0};
  bool asks_for_tokens = false;
  Direction direction = Direction::kForward;
  std::size_t E;
  std::size_t H;
  std::size_t G;
  std::vector<Scalar> input_weights;
  std::vector<Scalar> recurrent_weights;
  std::vector<Scalar> bias;
  std::vector<Scalar> candidate_bias;
  std::unique_ptr<RecurrentCell> cell;
  std::vector<Slice> slices;
  std::vector<Scalar> input;
  RecurrentWorkspace workspace;
  std::unique_ptr<RecurrentScratch> scratch = cell->MakeScratch();
  std::vector<Scalar> dW, dU, db, dc, dx;
  std::vector<Scalar> table;
  AlignedBuffer<Scalar> projections;
};

}  // namespace advnative::testing
