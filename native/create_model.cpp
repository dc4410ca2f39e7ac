// The one file that knows every backend.
#include "base/error.h"
#include "cpu/create_backend.h"
#include "model/classifier.h"

namespace advnative {

namespace {

struct BackendFor {
  const ModelConfig& config;

  std::unique_ptr<Backend> operator()(const Cpu& cpu) const { return CreateCpuBackend(config, cpu); }
  std::unique_ptr<Backend> operator()(const Cuda& cuda) const {
    throw Error(ErrorCode::kUnsupported, "cuda:" + std::to_string(cuda.index) +
                                             ": this build has no CUDA backend; expected the device cpu");
  }
};

}  // namespace

std::unique_ptr<Model> CreateModel(const ModelConfig& config, const Device& device) {
  return std::make_unique<Classifier>(config, std::visit(BackendFor{config}, device));
}

}  // namespace advnative
