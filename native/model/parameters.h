// The flat parameter vector: one block, and named views into it.
#pragma once

#include <vector>

#include "cpu/layers/mlp.h"
#include "cpu/layers/recurrent_cell.h"
#include "model/model.h"

namespace advnative {

// Views into a flat vector laid out like the parameters: the parameters themselves, their gradient, a moment.
struct ParameterViews {
  Scalar* embedding_table;                 // [V][E]
  RecurrentTensors<Scalar> directions[2];  // forward, reverse
  MlpTensors<Scalar> mlp;
};

// Name, shape and place of every tensor, in order and without gaps.
std::vector<TensorInfo> LayOutParameters(const ModelConfig& config);

// Elements of the whole vector.
std::size_t CountParameters(const std::vector<TensorInfo>& tensors);

// The views of a vector of ParameterCount elements.
inline ParameterViews ViewParameters(const std::vector<TensorInfo>& tensors, Scalar* values) {
  // With or without a candidate bias, the tensors of the two directions lie between the table and the MLP's
  // four.
  const std::size_t per_direction = (tensors.size() - 5) / 2;
  const auto at = [&tensors, values](std::size_t index) { return values + tensors[index].offset; };
  const auto direction = [&](std::size_t first) -> RecurrentTensors<Scalar> {
    return {at(first), at(first + 1), at(first + 2), per_direction == 4 ? at(first + 3) : nullptr};
  };
  const std::size_t mlp = 1 + 2 * per_direction;
  return {
      at(0), {direction(1), direction(1 + per_direction)}, {at(mlp), at(mlp + 1), at(mlp + 2), at(mlp + 3)}};
}

}  // namespace advnative
