#include "training/parameters.h"

#include <utility>

namespace advnative {

std::vector<TensorInfo> LayOutParameters(const ModelConfig& config) {
  const std::int64_t E = config.embedding;
  const std::int64_t H = config.hidden;
  const std::int64_t M = config.mlp;
  std::vector<TensorInfo> tensors;
  std::size_t offset = 0;
  const auto add = [&tensors, &offset](std::string name, std::vector<std::int64_t> shape) {
    std::size_t size = 1;
    for (const std::int64_t dimension : shape) size *= static_cast<std::size_t>(dimension);
    tensors.push_back({std::move(name), std::move(shape), offset, size});
    offset += size;
  };
  add("embedding.table", {config.vocabulary, E});
  for (const std::string direction : {"gru.forward.", "gru.reverse."}) {
    add(direction + "inputWeights", {3 * H, E});
    add(direction + "recurrentWeights", {3 * H, H});
    add(direction + "bias", {3 * H});
    add(direction + "candidateBias", {H});
  }
  add("mlp.hidden.weights", {M, 2 * H});
  add("mlp.hidden.bias", {M});
  add("mlp.output.weights", {config.classes, M});
  add("mlp.output.bias", {config.classes});
  return tensors;
}

std::size_t ParameterCount(const std::vector<TensorInfo>& tensors) {
  return tensors.back().offset + tensors.back().size;
}

}  // namespace advnative
