#include "model/parameters.h"

#include <algorithm>
#include <utility>

namespace advnative {

namespace {

std::string CellPrefix(CellType cell) {
  switch (cell) {
    case CellType::kGru:
      return "gru";
    case CellType::kGruCho:
      return "gruCho";
    case CellType::kLstm:
      return "lstm";
  }
  __builtin_unreachable();
}

}  // namespace

std::vector<TensorInfo> LayOutParameters(const ModelConfig& config) {
  const std::int64_t E = config.embedding;
  const std::int64_t H = config.hidden;
  const std::int64_t M = config.mlp;
  std::vector<TensorInfo> tensors;
  std::size_t offset = 0;
  const auto add = [&tensors, &offset](TensorRole role, std::string name, std::vector<std::int64_t> shape,
                                       Direction direction = Direction::kForward, int layer = 0) {
    std::size_t size = 1;
    for (const std::int64_t dimension : shape) size *= static_cast<std::size_t>(dimension);
    tensors.push_back({std::move(name), std::move(shape), offset, size, role, direction, layer});
    offset += size;
  };
  add(TensorRole::kEmbedding, "embedding.table", {config.vocabulary, E});
  const std::int64_t G = GateCount(config.cell);
  for (int layer = 0; layer < config.layers; ++layer) {
    for (const Direction direction : {Direction::kForward, Direction::kReverse}) {
      // The lowest has no number, as it had none when it was the only one.
      const std::string prefix = CellPrefix(config.cell) + (layer == 0 ? "" : std::to_string(layer + 1)) +
                                 (direction == Direction::kForward ? ".forward." : ".reverse.");
      const std::int64_t inputs = layer == 0 ? E : 2 * H;
      add(TensorRole::kInputWeights, prefix + "inputWeights", {G * H, inputs}, direction, layer);
      add(TensorRole::kRecurrentWeights, prefix + "recurrentWeights", {G * H, H}, direction, layer);
      add(TensorRole::kBias, prefix + "bias", {G * H}, direction, layer);
      if (config.cell != CellType::kGru) continue;
      add(TensorRole::kCandidateBias, prefix + "candidateBias", {H}, direction, layer);
    }
  }
  add(TensorRole::kHiddenWeights, "mlp.hidden.weights", {M, config.pooled()});
  add(TensorRole::kHiddenBias, "mlp.hidden.bias", {M});
  add(TensorRole::kOutputWeights, "mlp.output.weights", {config.classes, M});
  add(TensorRole::kOutputBias, "mlp.output.bias", {config.classes});
  // The last, so that the others are initialised as they are without.
  if (Attends(config.pooling)) {
    add(TensorRole::kAttentionWeights, "attention.weights", {2 * H, 2 * H});
    add(TensorRole::kAttentionBias, "attention.bias", {2 * H});
    add(TensorRole::kAttentionContext, "attention.context", {1, 2 * H});
  }
  // The last, so that the others have the places and initial values that they have without it.
  if (config.buckets > 0) add(TensorRole::kSubwords, "embedding.subwords", {config.buckets, E});
  return tensors;
}

std::size_t CountParameters(const std::vector<TensorInfo>& tensors) {
  return tensors.back().offset + tensors.back().size;
}

std::size_t CountDense(const std::vector<TensorInfo>& tensors) {
  const TensorInfo& last = tensors.back();
  return last.role == TensorRole::kSubwords ? last.offset : CountParameters(tensors);
}

ParameterViews ViewParameters(const std::vector<TensorInfo>& tensors, Scalar* values) {
  ParameterViews views{};
  for (const TensorInfo& tensor : tensors) {
    views.layers.resize(std::max(views.layers.size(), static_cast<std::size_t>(tensor.layer) + 1));
  }
  const auto place = [&views](const TensorInfo& tensor) -> Scalar*& {
    RecurrentTensors<Scalar>& recurrent =
        views.layers[static_cast<std::size_t>(tensor.layer)].directions[static_cast<int>(tensor.direction)];
    switch (tensor.role) {
      case TensorRole::kEmbedding:
        return views.embedding_table;
      case TensorRole::kSubwords:
        return views.subword_table;
      case TensorRole::kInputWeights:
        return recurrent.input_weights;
      case TensorRole::kRecurrentWeights:
        return recurrent.recurrent_weights;
      case TensorRole::kBias:
        return recurrent.bias;
      case TensorRole::kCandidateBias:
        return recurrent.candidate_bias;
      case TensorRole::kHiddenWeights:
        return views.mlp.hidden_weights;
      case TensorRole::kHiddenBias:
        return views.mlp.hidden_bias;
      case TensorRole::kOutputWeights:
        return views.mlp.output_weights;
      case TensorRole::kOutputBias:
        return views.mlp.output_bias;
      case TensorRole::kAttentionWeights:
        return views.attention.weights;
      case TensorRole::kAttentionBias:
        return views.attention.bias;
      case TensorRole::kAttentionContext:
        return views.attention.context;
    }
    __builtin_unreachable();
  };
  for (const TensorInfo& tensor : tensors) place(tensor) = values + tensor.offset;
  return views;
}

}  // namespace advnative
