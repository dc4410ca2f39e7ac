// Every recurrent cell's time step as its formula says it, in double: what the fast ones are held to.
#pragma once

#include <cstddef>
#include <vector>

#include "model/cell_type.h"

namespace advnative::testing {

// One direction's weights, row-major as in RecurrentTensors, widened to double.
struct NaiveWeights {
  std::size_t embedding;
  std::size_t hidden;
  std::vector<double> input_weights;
  std::vector<double> recurrent_weights;
  std::vector<double> bias;
  std::vector<double> candidate_bias;  // of CellType::kGru alone
};

struct NaiveState {
  std::vector<double> hidden;
  std::vector<double> cell;  // of the LSTM alone
};

// The state after a token embedded as x[E].
NaiveState NaiveStep(CellType type, const NaiveWeights& weights, const double* x, const NaiveState& state);

}  // namespace advnative::testing
