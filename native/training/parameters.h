// The flat parameter vector: one block, and named views into it.
#pragma once

#include <vector>

#include "layers/gru.h"
#include "layers/mlp.h"
#include "training/model.h"

namespace advnative {

// Views into a flat vector laid out like the parameters: the parameters themselves, their gradient, a moment.
template <typename Scalar>
struct ParameterViews {
  Scalar* embedding_table;           // [V][E]
  GruTensors<Scalar> directions[2];  // forward, reverse
  MlpTensors<Scalar> mlp;
};

// Name, shape and place of every tensor, in order and without gaps.
std::vector<TensorInfo> LayOutParameters(const ModelConfig& config);

// Elements of the whole vector.
std::size_t ParameterCount(const std::vector<TensorInfo>& tensors);

// The views of a vector of ParameterCount elements.
template <typename Scalar>
ParameterViews<Scalar> ViewParameters(const std::vector<TensorInfo>& tensors, Scalar* values) {
  const auto at = [&tensors, values](std::size_t index) { return values + tensors[index].offset; };
  return {
      at(0), {{at(1), at(2), at(3), at(4)}, {at(5), at(6), at(7), at(8)}}, {at(9), at(10), at(11), at(12)}};
}

}  // namespace advnative
