#include "training/initialization.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "batch_maker.h"
#include "training/parameters.h"

namespace advnative {

TEST_CASE("initial weights have their ranges, orthogonal recurrent gates and biases that keep") {
  ModelConfig config = testing::SmallConfig();
  SUBCASE("GRU") { config.cell = CellType::kGru; }
  SUBCASE("Cho GRU") { config.cell = CellType::kGruCho; }
  SUBCASE("LSTM") { config.cell = CellType::kLstm; }
  config.hidden = 12;
  config.embedding_range = 0.05;
  const auto tensors = LayOutParameters(config);
  std::vector<double> parameters(ParameterCount(tensors), 99.0);
  InitializeParameters(config, tensors, parameters.data());
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
            REQUIRE(std::abs(product - (i == j ? 1.0 : 0.0)) < 1e-12);
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
  const auto tensors = LayOutParameters(config);
  std::vector<float> first(ParameterCount(tensors));
  std::vector<float> again = first;
  std::vector<float> other = first;
  InitializeParameters(config, tensors, first.data());
  InitializeParameters(config, tensors, again.data());
  config.seed = 4;
  InitializeParameters(config, tensors, other.data());
  CHECK(first == again);
  CHECK(first != other);
}

}  // namespace advnative
