#include "cpu/create_backend.h"

#include "base/process_memory.h"
#include "cpu/backend.h"

namespace advnative {

namespace {

// 300040000 as "300,040,000".
std::string Grouped(std::size_t number) {
  std::string text = std::to_string(number);
  for (std::size_t place = text.size(); place > 3;) text.insert(place -= 3, 1, ',');
  return text;
}

std::string Description(const ModelConfig& config) {
  return "a model of " + Grouped(CountParameters(LayOutParameters(config))) + " parameters (vocabulary " +
         Grouped(static_cast<std::size_t>(config.vocabulary)) + ", embedding " +
         std::to_string(config.embedding) + ", hidden " + std::to_string(config.hidden) + ", MLP " +
         std::to_string(config.mlp) + "), with gradient and two moments" +
         (config.ema > 0.0 ? " and an average," : ",");
}

}  // namespace

std::unique_ptr<Backend> CreateCpuBackend(const ModelConfig& config, const Cpu& device) {
  RequireMemory(CpuBackend::ModelBytes(config, device), Description(config));
  return std::make_unique<CpuBackend>(config, device);
}

}  // namespace advnative
