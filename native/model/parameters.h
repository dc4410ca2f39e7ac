// The flat parameter vector: one block, and named views into it.
#pragma once

#include <vector>

#include "base/scalar.h"
#include "model/model.h"

namespace advnative {

// The trained tensors of one direction, row-major; rows of gates in the cell's gate order. Also the shape of
// their gradients.
template <typename Number>
struct RecurrentTensors {
  Number* input_weights;      // [GH][E], of a higher layer [GH][2H]
  Number* recurrent_weights;  // [GH][H]
  Number* bias;               // [GH]
  Number* candidate_bias;     // [H], inside the reset of CellType::kGru; null for the others
};

// The trained tensors of the MLP, row-major: S = P·2H pooled states, M hidden, C classes. Also the shape of
// their gradients.
template <typename Number>
struct MlpTensors {
  Number* hidden_weights;  // [M][S]
  Number* hidden_bias;     // [M]
  Number* output_weights;  // [C][M]
  Number* output_bias;     // [C]
};

// The trained tensors of Pooling::kAttention, row-major: S = 2H states of a token. Also the shape of their
// gradients.
template <typename Number>
struct AttentionTensors {
  Number* weights;  // [S][S]
  Number* bias;     // [S]
  Number* context;  // [1][S]
};

// Both directions of a layer, forward and reverse.
struct DirectionTensors {
  RecurrentTensors<Scalar> directions[2];
};

// Views into a flat vector laid out like the parameters: the parameters themselves, their gradient, a moment.
struct ParameterViews {
  Scalar* embedding_table;               // [V][E]
  Scalar* subword_table;                 // [buckets][E]; null without buckets
  std::vector<DirectionTensors> layers;  // [L]
  MlpTensors<Scalar> mlp;
  AttentionTensors<Scalar> attention;  // null without Pooling::kAttention
};

// Name, role, shape and place of every tensor, in order and without gaps.
std::vector<TensorInfo> LayOutParameters(const ModelConfig& config);

// Elements of the whole vector.
std::size_t CountParameters(const std::vector<TensorInfo>& tensors);

// Elements before the table of n-grams, the last tensor where there is one: those that every step changes.
std::size_t CountDense(const std::vector<TensorInfo>& tensors);

// The views of a vector of that size.
ParameterViews ViewParameters(const std::vector<TensorInfo>& tensors, Scalar* values);

}  // namespace advnative
