#include "model/initialization.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <type_traits>
#include <utility>

#include "base/philox.h"
#include "batch_maker.h"
#include "model/parameters.h"

namespace advnative {

namespace {

std::vector<Scalar> InitialParameters(const ModelConfig& config, int threads = 2,
                                      InstructionSet set = ChooseInstructionSet()) {
  const auto tensors = LayOutParameters(config);
  std::vector<Scalar> parameters(CountParameters(tensors), Scalar(99));
  ThreadPool pool(threads);
  InitializeParameters(config, tensors, KernelsFor(set).initial_values, pool, parameters.data(),
                       Cancellation{});
  return parameters;
}

// The definition of the initial weights, number by number.
namespace reference {

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

double Dot(const double* a, const double* b, std::size_t size) {
  double sums[4] = {};
  std::size_t i = 0;
  for (; i + 4 <= size; i += 4) {
    for (std::size_t k = 0; k < 4; ++k) sums[k] += a[i + k] * b[i + k];
  }
  for (; i < size; ++i) sums[0] += a[i] * b[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

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

double Range(const ModelConfig& config, const TensorInfo& tensor) {
  if (tensor.name == "embedding.table") return config.embedding_range;
  // Of a stacked tensor each gate counts for itself.
  const std::int64_t outputs = tensor.name.ends_with("inputWeights") ? config.hidden : tensor.shape[0];
  return std::sqrt(6.0 / static_cast<double>(tensor.shape[1] + outputs));
}

std::vector<Scalar> InitialParameters(const ModelConfig& config) {
  const auto tensors = LayOutParameters(config);
  const auto H = static_cast<std::size_t>(config.hidden);
  std::vector<Scalar> parameters;
  for (std::size_t index = 0; index < tensors.size(); ++index) {
    const TensorInfo& tensor = tensors[index];
    const Philox random(config.seed, RandomStream::kInitialization, index);
    if (tensor.name.ends_with("recurrentWeights")) {
      for (std::size_t gate = 0; gate < static_cast<std::size_t>(GateCount(config.cell)); ++gate) {
        std::vector<double> rows = NormalNumbers(random, H * H, gate * (H * H + 2));
        Orthogonalize(H, rows.data());
        for (std::size_t i = 0; i < H * H; ++i) parameters.push_back(static_cast<Scalar>(rows[i]));
      }
    } else if (tensor.name.ends_with("eights") || tensor.name == "embedding.table" ||
               tensor.name == "attention.context") {
      const double range = Range(config, tensor);
      for (std::size_t i = 0; i < tensor.size; ++i) {
        parameters.push_back(static_cast<Scalar>((2.0 * random.Uniform(i) - 1.0) * range));
      }
    } else {
      const bool remembers = tensor.name.starts_with("lstm.");
      for (std::size_t i = 0; i < tensor.size; ++i) {
        parameters.push_back(remembers && i / H == 1 ? Scalar(1) : Scalar(0));
      }
    }
  }
  return parameters;
}

}  // namespace reference

}  // namespace

TEST_CASE("initial weights are the reference's bits on every instruction set") {
  for (const CellType cell : kEveryCell) {
    for (const auto& [embedding, hidden] :
         {std::pair{1, 1}, {3, 2}, {5, 3}, {7, 4}, {33, 31}, {20, 64}, {97, 101}}) {
      ModelConfig config = testing::SmallConfig(cell);
      config.embedding = embedding;
      config.hidden = hidden;
      config.vocabulary = 1 + 40000 / embedding;
      config.seed = (std::uint64_t{1} << 40) + static_cast<std::uint64_t>(hidden);
      if (cell == CellType::kLstm) config.pooling = {Pooling::kAttention};
      CAPTURE(std::string(CellName(cell)));
      CAPTURE(hidden);
      const auto expected = reference::InitialParameters(config);
      for (const InstructionSet set : AvailableInstructionSets()) {
        CHECK(InitialParameters(config, 3, set) == expected);
        CHECK(InitialParameters(config, 1, set) == expected);
      }
    }
  }
}

TEST_CASE("a seed stands for the same weights in every version") {
  ModelConfig config = testing::SmallConfig(CellType::kGru);
  config.seed = 2024;
  const auto tensors = LayOutParameters(config);
  const auto parameters = InitialParameters(config);
  // The numbers of float; those of double round to them.
  const auto at = [&](std::size_t index) { return static_cast<float>(parameters[index]); };
  const auto first_of = [&](std::size_t tensor) { return at(tensors[tensor].offset); };
  CHECK(first_of(0) == 0.207379758f);
  REQUIRE(tensors[2].name == "gru.forward.recurrentWeights");
  CHECK(first_of(1) == -0.299027085f);
  CHECK(first_of(2) == -0.596154213f);
  CHECK(at(tensors[2].offset + tensors[2].size - 1) == 0.00241241534f);
  REQUIRE(tensors[11].name == "mlp.output.weights");
  CHECK(first_of(11) == 0.266970962f);
}

TEST_CASE("making the weights can be cancelled and begun again") {
  const ModelConfig config = testing::SmallConfig();
  Classifier classifier = testing::MakeClassifier(config);
  Cancellation cancellation;
  cancellation.Request();
  CHECK_THROWS_AS(classifier.Initialize(cancellation), Error);
  CHECK(classifier.ReadParameters() == reference::InitialParameters(config));
}

TEST_CASE("weights that were written are not made anew") {
  const ModelConfig config = testing::SmallConfig();
  Classifier classifier = testing::MakeClassifier(config);
  const std::vector<Scalar> written(CountParameters(classifier.tensors()), Scalar(0.25));
  classifier.WriteParameters(written);
  classifier.Initialize(Cancellation{});
  CHECK(classifier.ReadParameters() == written);
}

TEST_CASE("initial weights have their ranges, orthogonal recurrent gates and biases that keep") {
  ModelConfig config = testing::SmallConfig();
  SUBCASE("GRU") { config.cell = CellType::kGru; }
  SUBCASE("Cho GRU") { config.cell = CellType::kGruCho; }
  SUBCASE("LSTM") { config.cell = CellType::kLstm; }
  config.hidden = 12;
  config.embedding_range = 0.05;
  const auto tensors = LayOutParameters(config);
  const double orthogonal = std::is_same_v<Scalar, float> ? 1e-6 : 1e-12;
  const std::vector<Scalar> rounded = InitialParameters(config);
  const std::vector<double> parameters(rounded.begin(), rounded.end());
  for (const TensorInfo& tensor : tensors) {
    CAPTURE(tensor.name);
    const double* values = parameters.data() + tensor.offset;
    const double largest = std::abs(*std::max_element(
        values, values + tensor.size, [](double a, double b) { return std::abs(a) < std::abs(b); }));
    if (tensor.name == "lstm.forward.bias" || tensor.name == "lstm.reverse.bias") {
      // i, f, g, o: only the forget gate's are one.
      for (std::size_t i = 0; i < tensor.size; ++i) CHECK(values[i] == (i / 12 == 1 ? 1.0 : 0.0));
    } else if (tensor.name.ends_with("ias")) {
      CHECK(largest == 0.0);
    } else if (tensor.name == "embedding.table") {
      CHECK(largest <= 0.05);
      CHECK(largest > 0.03);
    } else if (tensor.name.ends_with("inputWeights")) {
      CHECK(largest <= std::sqrt(6.0 / (5 + 12)));
      CHECK(largest > 0.0);
    } else if (tensor.name.ends_with("recurrentWeights")) {
      for (std::size_t gate = 0; gate < static_cast<std::size_t>(GateCount(config.cell)); ++gate) {
        for (std::size_t i = 0; i < 12; ++i) {
          for (std::size_t j = 0; j < 12; ++j) {
            double product = 0.0;
            for (std::size_t k = 0; k < 12; ++k) {
              product += values[(gate * 12 + i) * 12 + k] * values[(gate * 12 + j) * 12 + k];
            }
            REQUIRE(std::abs(product - (i == j ? 1.0 : 0.0)) < orthogonal);
          }
        }
      }
    } else {
      CHECK(largest > 0.0);
      CHECK(largest < 1.0);
    }
  }
}

TEST_CASE("the seed decides the weights") {
  ModelConfig config = testing::SmallConfig();
  const auto first = InitialParameters(config);
  CHECK(InitialParameters(config) == first);
  config.seed = 4;
  CHECK(InitialParameters(config) != first);
}

}  // namespace advnative
