// The one file that knows every backend.
#include "base/error.h"
#include "cpu/create_cpu_model.h"
#include "model/model.h"

namespace advnative {

namespace {

struct Creation {
  const ModelConfig& config;

  std::unique_ptr<Model> operator()(const Cpu& cpu) const { return CreateCpuModel(config, cpu); }
  std::unique_ptr<Model> operator()(const Cuda& cuda) const {
    throw Error(ErrorCode::kUnsupported, "cuda:" + std::to_string(cuda.index) +
                                             ": this build has no CUDA backend; expected the device cpu");
  }
};

}  // namespace

std::unique_ptr<Model> CreateModel(const ModelConfig& config, const Device& device) {
  return std::visit(Creation{config}, device);
}

}  // namespace advnative
