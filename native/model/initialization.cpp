#include "model/initialization.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "base/aligned_buffer.h"
#include "base/chunks.h"
#include "base/philox.h"

namespace advnative {

namespace {

// A part of the initial weights that one thread makes.
using Task = std::function<void()>;

double GlorotRange(std::int64_t inputs, std::int64_t outputs) {
  return std::sqrt(6.0 / static_cast<double>(inputs + outputs));
}

void AddUniformTasks(const InitialValueKernels& kernels, const Philox& random, double range, std::size_t size,
                     Scalar* to, std::vector<Task>& tasks) {
  static_assert(kChunk % 4 == 0, "a chunk begins with a block of random numbers");
  for (std::size_t begin = 0; begin < size; begin += kChunk) {
    tasks.push_back([=, &kernels] {
      kernels.fill_uniform({.key = {random.key()[0], random.key()[1]},
                            .high = {random.high()[0], random.high()[1]},
                            .first_block = begin / 4,
                            .range = range,
                            .size = std::min(kChunk, size - begin),
                            .to = to + begin});
    });
  }
}

// Standard normal numbers in their order, by Box and Muller's transform.
class NormalSequence {
 public:
  NormalSequence(const Philox& random, std::uint64_t first) : uniform_(random, first) {}

  double Next() {
    if (second_ready_) {
      second_ready_ = false;
      return second_;
    }
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform_.Next()));
    const double angle = 2.0 * std::numbers::pi * uniform_.Next();
    second_ = radius * std::sin(angle);
    second_ready_ = true;
    return radius * std::cos(angle);
  }

 private:
  UniformSequence uniform_;
  double second_ = 0.0;
  bool second_ready_ = false;
};

// A random orthogonal matrix [size][size] from the numbers that follow `first`.
void FillOrthogonal(const InitialValueKernels& kernels, const Philox& random, std::uint64_t first,
                    std::size_t size, Scalar* to, const Cancellation& cancellation) {
  AlignedBuffer<double> matrix(size * size);
  NormalSequence normal(random, first);
  for (std::size_t row = 0; row < size; ++row) {
    cancellation.Check();
    std::generate_n(matrix.data() + row * size, size, [&normal] { return normal.Next(); });
  }
  for (std::size_t row = 0; row < size; ++row) {
    cancellation.Check();
    kernels.orthogonalize_row(static_cast<int>(size), static_cast<int>(row), matrix.data());
  }
  std::transform(matrix.data(), matrix.data() + size * size, to,
                 [](double number) { return static_cast<Scalar>(number); });
}

void AddOrthogonalTasks(const ModelConfig& config, const InitialValueKernels& kernels, const Philox& random,
                        Scalar* to, const Cancellation& cancellation, std::vector<Task>& tasks) {
  const auto size = static_cast<std::size_t>(config.hidden);
  const std::size_t count = size * size;
  for (std::size_t gate = 0; gate < static_cast<std::size_t>(GateCount(config.cell)); ++gate) {
    tasks.push_back([=, &kernels, &cancellation] {
      FillOrthogonal(kernels, random, gate * (count + 2), size, to + gate * count, cancellation);
    });
  }
}

void FillBias(const ModelConfig& config, TensorRole role, std::size_t size, Scalar* to) {
  std::fill_n(to, size, Scalar(0));
  const bool remembers = role == TensorRole::kBias && config.cell == CellType::kLstm;
  if (remembers) std::fill_n(to + config.hidden, config.hidden, Scalar(1));
}

}  // namespace

void InitializeParameters(const ModelConfig& config, const std::vector<TensorInfo>& tensors,
                          const InitialValueKernels& kernels, ThreadPool& pool, Scalar* parameters,
                          const Cancellation& cancellation) {
  std::vector<Task> orthogonal;
  std::vector<Task> uniform;
  for (std::size_t index = 0; index < tensors.size(); ++index) {
    const TensorInfo& tensor = tensors[index];
    const Philox random(config.seed, RandomStream::kInitialization, index);
    Scalar* to = parameters + tensor.offset;
    const auto add_uniform = [&](double range) {
      AddUniformTasks(kernels, random, range, tensor.size, to, uniform);
    };
    switch (tensor.role) {
      case TensorRole::kEmbedding:
      case TensorRole::kSubwords:
        add_uniform(config.embedding_range);
        break;
      case TensorRole::kInputWeights:
        add_uniform(GlorotRange(tensor.shape[1], config.hidden));
        break;
      case TensorRole::kRecurrentWeights:
        AddOrthogonalTasks(config, kernels, random, to, cancellation, orthogonal);
        break;
      case TensorRole::kHiddenWeights:
      case TensorRole::kOutputWeights:
      case TensorRole::kAttentionWeights:
      case TensorRole::kAttentionContext:
        add_uniform(GlorotRange(tensor.shape[1], tensor.shape[0]));
        break;
      case TensorRole::kBias:
      case TensorRole::kCandidateBias:
      case TensorRole::kHiddenBias:
      case TensorRole::kOutputBias:
      case TensorRole::kAttentionBias:
        FillBias(config, tensor.role, tensor.size, to);
        break;
    }
  }
  // The long ones first, so that the short ones fill what they leave.
  std::vector<Task>& tasks = orthogonal;
  tasks.insert(tasks.end(), uniform.begin(), uniform.end());
  pool.Run(static_cast<int>(tasks.size()), [&](int task) {
    cancellation.Check();
    tasks[static_cast<std::size_t>(task)]();
  });
}

}  // namespace advnative
