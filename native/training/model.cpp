#include "training/model.h"

#include "training/classifier.h"

namespace advnative {

template <typename Scalar>
std::unique_ptr<Model<Scalar>> CreateCpuModel(const ModelConfig& config, InstructionSet set) {
  return std::make_unique<Classifier<Scalar>>(config, KernelsFor<Scalar>(set));
}

template std::unique_ptr<Model<float>> CreateCpuModel<float>(const ModelConfig&, InstructionSet);
template std::unique_ptr<Model<double>> CreateCpuModel<double>(const ModelConfig&, InstructionSet);

}  // namespace advnative
