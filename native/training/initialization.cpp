#include "training/initialization.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/philox.h"

namespace advnative {

namespace {

template <typename Scalar>
void FillUniform(const Philox& random, double range, std::size_t size, Scalar* to) {
  for (std::size_t i = 0; i < size; ++i) to[i] = static_cast<Scalar>((2.0 * random.Uniform(i) - 1.0) * range);
}

double GlorotRange(std::int64_t inputs, std::int64_t outputs) {
  return std::sqrt(6.0 / static_cast<double>(inputs + outputs));
}

// Standard normal numbers by Box and Muller's transform.
std::vector<double> NormalNumbers(const Philox& random, std::size_t size, std::uint64_t first) {
  std::vector<double> numbers(size + size % 2);
  for (std::size_t i = 0; i < size; i += 2) {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - random.Uniform(first + i)));
    const double angle = 2.0 * std::numbers::pi * random.Uniform(first + i + 1);
    numbers[i] = radius * std::cos(angle);
    numbers[i + 1] = radius * std::sin(angle);
  }
  return numbers;
}

// In four interleaved sums, which the processor can take side by side.
double Dot(const double* a, const double* b, std::size_t size) {
  double sums[4] = {};
  std::size_t i = 0;
  for (; i + 4 <= size; i += 4) {
    for (std::size_t k = 0; k < 4; ++k) sums[k] += a[i + k] * b[i + k];
  }
  for (; i < size; ++i) sums[0] += a[i] * b[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

// Gram-Schmidt, each row twice, which is orthogonal to rounding ("twice is enough", Giraud et al. 2005). A
// row that its forerunners span to rounding is practically impossible for normal numbers.
void Orthogonalize(std::size_t size, double* rows) {
  for (std::size_t i = 0; i < size; ++i) {
    double* row = rows + i * size;
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t j = 0; j < i; ++j) {
        const double* other = rows + j * size;
        const double projection = Dot(row, other, size);
        for (std::size_t k = 0; k < size; ++k) row[k] -= projection * other[k];
      }
      const double norm = std::sqrt(Dot(row, row, size));
      for (std::size_t k = 0; k < size; ++k) row[k] /= norm;
    }
  }
}

template <typename Scalar>
void FillOrthogonal(const Philox& random, std::size_t gate_count, std::size_t size, Scalar* gates) {
  for (std::size_t gate = 0; gate < gate_count; ++gate) {
    const std::size_t count = size * size;
    std::vector<double> rows = NormalNumbers(random, count, gate * (count + 2));
    Orthogonalize(size, rows.data());
    for (std::size_t i = 0; i < count; ++i) gates[gate * count + i] = static_cast<Scalar>(rows[i]);
  }
}

bool IsLstmBias(const TensorInfo& tensor) {
  return tensor.name.starts_with("lstm.") && tensor.name.ends_with(".bias");
}

}  // namespace

template <typename Scalar>
void InitializeParameters(const ModelConfig& config, const std::vector<TensorInfo>& tensors,
                          Scalar* parameters) {
  for (std::size_t index = 0; index < tensors.size(); ++index) {
    const TensorInfo& tensor = tensors[index];
    const Philox random(config.seed, RandomStream::kInitialization, index);
    Scalar* to = parameters + tensor.offset;
    if (tensor.name == "embedding.table") {
      FillUniform(random, config.embedding_range, tensor.size, to);
    } else if (tensor.name.ends_with("recurrentWeights")) {
      FillOrthogonal(random, static_cast<std::size_t>(GateCount(config.cell)),
                     static_cast<std::size_t>(config.hidden), to);
    } else if (tensor.name.ends_with("inputWeights")) {
      FillUniform(random, GlorotRange(config.embedding, config.hidden), tensor.size, to);
    } else if (tensor.name.ends_with("weights")) {
      FillUniform(random, GlorotRange(tensor.shape[1], tensor.shape[0]), tensor.size, to);
    } else {
      std::fill_n(to, tensor.size, Scalar(0));
      if (IsLstmBias(tensor)) std::fill_n(to + config.hidden, config.hidden, Scalar(1));
    }
  }
}

template void InitializeParameters<float>(const ModelConfig&, const std::vector<TensorInfo>&, float*);
template void InitializeParameters<double>(const ModelConfig&, const std::vector<TensorInfo>&, double*);

}  // namespace advnative
