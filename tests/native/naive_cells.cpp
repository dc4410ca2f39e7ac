#include "naive_cells.h"

#include <cmath>

namespace advnative::testing {

namespace {

double Sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

// Row `row` of a row-major matrix times v.
double RowTimes(const std::vector<double>& matrix, std::size_t row, const double* v, std::size_t size) {
  double sum = 0.0;
  for (std::size_t k = 0; k < size; ++k) sum += matrix[row * size + k] * v[k];
  return sum;
}

// The sum of gate `gate` of unit j: W·x + b + U·h.
struct Sums {
  const NaiveWeights& weights;
  const double* x;

  double Input(std::size_t gate, std::size_t j) const {
    const std::size_t row = gate * weights.hidden + j;
    return weights.bias[row] + RowTimes(weights.input_weights, row, x, weights.embedding);
  }
  double Recurrent(std::size_t gate, std::size_t j, const std::vector<double>& h) const {
    return RowTimes(weights.recurrent_weights, gate * weights.hidden + j, h.data(), weights.hidden);
  }
  double All(std::size_t gate, std::size_t j, const std::vector<double>& h) const {
    return Input(gate, j) + Recurrent(gate, j, h);
  }
};

NaiveState GruStep(const Sums& sums, const NaiveState& state) {
  NaiveState next = state;
  const std::vector<double>& h = state.hidden;
  for (std::size_t j = 0; j < h.size(); ++j) {
    const double r = Sigmoid(sums.All(0, j, h));
    const double z = Sigmoid(sums.All(1, j, h));
    const double n =
        std::tanh(sums.Input(2, j) + r * (sums.Recurrent(2, j, h) + sums.weights.candidate_bias[j]));
    next.hidden[j] = (1.0 - z) * n + z * h[j];
  }
  return next;
}

NaiveState GruChoStep(const Sums& sums, const NaiveState& state) {
  NaiveState next = state;
  const std::vector<double>& h = state.hidden;
  std::vector<double> reset = h;
  for (std::size_t j = 0; j < h.size(); ++j) reset[j] *= Sigmoid(sums.All(0, j, h));
  for (std::size_t j = 0; j < h.size(); ++j) {
    const double z = Sigmoid(sums.All(1, j, h));
    const double n = std::tanh(sums.All(2, j, reset));
    next.hidden[j] = (1.0 - z) * n + z * h[j];
  }
  return next;
}

NaiveState LstmStep(const Sums& sums, const NaiveState& state) {
  NaiveState next = state;
  const std::vector<double>& h = state.hidden;
  for (std::size_t j = 0; j < h.size(); ++j) {
    const double i = Sigmoid(sums.All(0, j, h));
    const double f = Sigmoid(sums.All(1, j, h));
    const double g = std::tanh(sums.All(2, j, h));
    const double o = Sigmoid(sums.All(3, j, h));
    next.cell[j] = f * state.cell[j] + i * g;
    next.hidden[j] = o * std::tanh(next.cell[j]);
  }
  return next;
}

}  // namespace

NaiveState NaiveStep(CellType type, const NaiveWeights& weights, const double* x, const NaiveState& state) {
  const Sums sums{weights, x};
  if (type == CellType::kGru) return GruStep(sums, state);
  if (type == CellType::kGruCho) return GruChoStep(sums, state);
  return LstmStep(sums, state);
}

}  // namespace advnative::testing
