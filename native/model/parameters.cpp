#include "model/parameters.h"

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
  const auto add = [&tensors, &offset](std::string name, std::vector<std::int64_t> shape) {
    std::size_t size = 1;
    for (const std::int64_t dimension : shape) size *= static_cast<std::size_t>(dimension);
    tensors.push_back({std::move(name), std::move(shape), offset, size});
    offset += size;
  };
  add("embedding.table", {config.vocabulary, E});
  const std::int64_t G = GateCount(config.cell);
  for (const std::string direction : {".forward.", ".reverse."}) {
    const std::string prefix = CellPrefix(config.cell) + direction;
    add(prefix + "inputWeights", {G * H, E});
    add(prefix + "recurrentWeights", {G * H, H});
    add(prefix + "bias", {G * H});
    if (config.cell == CellType::kGru) add(prefix + "candidateBias", {H});
  }
  add("mlp.hidden.weights", {M, 2 * H});
  add("mlp.hidden.bias", {M});
  add("mlp.output.weights", {config.classes, M});
  add("mlp.output.bias", {config.classes});
  return tensors;
}

std::size_t CountParameters(const std::vector<TensorInfo>& tensors) {
  return tensors.back().offset + tensors.back().size;
}

}  // namespace advnative
