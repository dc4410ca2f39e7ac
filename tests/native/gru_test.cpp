// One GRU direction against a naive one written from the formulas, and its gradients against finite
// differences.
#include "layers/gru.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "batch_maker.h"
#include "finite_differences.h"

namespace advnative {

using testing::Kernels;
using testing::RandomNumbers;

namespace {

// A direction with random weights over texts of given lengths, in either scalar type.
template <typename Scalar>
struct GruCase {
  GruCase(GruShape gru_shape, const std::vector<int>& lengths)
      : shape(gru_shape),
        E(static_cast<std::size_t>(gru_shape.embedding)),
        H(static_cast<std::size_t>(gru_shape.hidden)),
        input_weights(RandomNumbers<Scalar>(1, 3 * H * E)),
        recurrent_weights(RandomNumbers<Scalar>(2, 3 * H * H)),
        bias(RandomNumbers<Scalar>(3, 3 * H)),
        candidate_bias(RandomNumbers<Scalar>(4, H)) {
    std::vector<std::int32_t> offsets{0};
    for (const int length : lengths) offsets.push_back(offsets.back() + length);
    // Recurrent weights of this size keep the states away from saturation.
    for (Scalar& weight : recurrent_weights)
      weight *= static_cast<Scalar>(1.0 / std::sqrt(static_cast<double>(H)));
    slices = CutIntoSlices(offsets);
    REQUIRE(slices.size() == 1);
    input = RandomNumbers<Scalar>(5, static_cast<std::size_t>(slice().tokens()) * E);
  }

  const Slice& slice() const { return slices[0]; }

  // [texts][H], by the fast kernels.
  std::vector<Scalar> Forward(bool keep) {
    const auto& kernels = Kernels<Scalar>();
    weights.Pack(kernels, shape,
                 {input_weights.data(), recurrent_weights.data(), bias.data(), candidate_bias.data()});
    const auto stride = static_cast<std::size_t>(PaddedWidth(kernels, shape.embedding));
    workspace.input.Zero(static_cast<std::size_t>(slice().tokens()) * stride);
    for (std::size_t t = 0; t < static_cast<std::size_t>(slice().tokens()); ++t) {
      for (std::size_t j = 0; j < E; ++j) workspace.input[t * stride + j] = input[t * E + j];
    }
    std::vector<Scalar> states(static_cast<std::size_t>(slice().rows()) * H);
    GruForwardPass(kernels, shape, weights, slice(), workspace, keep, states.data(), shape.hidden,
                   Cancellation{});
    return states;
  }

  // The same from the formulas, in double.
  std::vector<double> NaiveForward() const {
    std::vector<double> states(static_cast<std::size_t>(slice().rows()) * H);
    for (int row = 0; row < slice().rows(); ++row) {
      std::vector<double> h(H, 0.0);
      for (int step = 0; step < slice().lengths[static_cast<std::size_t>(row)]; ++step) {
        const auto token = static_cast<std::size_t>(slice().step_begin[static_cast<std::size_t>(step)] + row);
        h = NaiveStep(input.data() + token * E, h);
      }
      std::copy(h.begin(), h.end(),
                states.begin() + slice().texts[static_cast<std::size_t>(row)] * shape.hidden);
    }
    return states;
  }

  std::vector<double> NaiveStep(const Scalar* x, const std::vector<double>& h) const {
    const auto sigmoid = [](double v) { return 1.0 / (1.0 + std::exp(-v)); };
    std::vector<double> next(H);
    for (std::size_t j = 0; j < H; ++j) {
      double from_input[3];
      double from_state[3];
      for (std::size_t gate = 0; gate < 3; ++gate) {
        const std::size_t row = gate * H + j;
        from_input[gate] = static_cast<double>(bias[row]);
        for (std::size_t k = 0; k < E; ++k) {
          from_input[gate] += static_cast<double>(input_weights[row * E + k]) * static_cast<double>(x[k]);
        }
        from_state[gate] = 0.0;
        for (std::size_t k = 0; k < H; ++k)
          from_state[gate] += static_cast<double>(recurrent_weights[row * H + k]) * h[k];
      }
      const double r = sigmoid(from_input[0] + from_state[0]);
      const double z = sigmoid(from_input[1] + from_state[1]);
      const double n =
          std::tanh(from_input[2] + r * (from_state[2] + static_cast<double>(candidate_bias[j])));
      next[j] = (1.0 - z) * n + z * h[j];
    }
    return next;
  }

  GruShape shape;
  std::size_t E;
  std::size_t H;
  std::vector<Scalar> input_weights;
  std::vector<Scalar> recurrent_weights;
  std::vector<Scalar> bias;
  std::vector<Scalar> candidate_bias;
  std::vector<Slice> slices;
  std::vector<Scalar> input;
  GruWeights<Scalar> weights;
  GruWorkspace<Scalar> workspace;
};

const std::vector<GruShape> kShapes{{1, 1}, {3, 5}, {20, 16}, {7, 33}, {15, 50}};

}  // namespace

TEST_CASE_TEMPLATE("the forward pass equals a naive one on ragged texts", Scalar, float, double) {
  const double tolerance = std::is_same_v<Scalar, float> ? 5e-6 : 1e-13;
  for (const GruShape shape : kShapes) {
    for (const bool keep : {false, true}) {
      CAPTURE(shape.hidden);
      GruCase<Scalar> gru(shape, {3, 9, 1, 4, 9, 9, 2, 5, 6, 7, 1});
      const auto states = gru.Forward(keep);
      const auto expected = gru.NaiveForward();
      for (std::size_t i = 0; i < states.size(); ++i) {
        REQUIRE(std::abs(static_cast<double>(states[i]) - expected[i]) <= tolerance);
      }
    }
  }
}

TEST_CASE_TEMPLATE("a text's state is the same bits whatever texts are beside it", Scalar, float, double) {
  const GruShape shape{7, 33};
  GruCase<Scalar> together(shape, {4, 9, 2, 6, 9, 1, 3, 8, 5, 5, 7});
  const auto states = together.Forward(false);
  for (int row = 0; row < together.slice().rows(); ++row) {
    const int length = together.slice().lengths[static_cast<std::size_t>(row)];
    GruCase<Scalar> alone(shape, {length});
    for (int step = 0; step < length; ++step) {
      const auto token =
          static_cast<std::size_t>(together.slice().step_begin[static_cast<std::size_t>(step)] + row);
      std::copy_n(together.input.begin() + static_cast<std::ptrdiff_t>(token * 7), 7,
                  alone.input.begin() + step * 7);
    }
    const auto state = alone.Forward(true);
    const auto text = static_cast<std::size_t>(together.slice().texts[static_cast<std::size_t>(row)]);
    for (std::size_t j = 0; j < 33; ++j) REQUIRE(states[text * 33 + j] == state[j]);
  }
}

TEST_CASE("gradients of weights, biases and inputs equal finite differences") {
  for (const GruShape shape : {GruShape{3, 5}, GruShape{4, 9}}) {
    GruCase<double> gru(shape, {3, 1, 4, 4, 2});
    const auto& kernels = Kernels<double>();
    const auto direction = RandomNumbers<double>(8, 5 * gru.H);
    const auto objective = [&] {
      const auto states = gru.Forward(false);
      return std::inner_product(states.begin(), states.end(), direction.begin(), 0.0);
    };
    gru.Forward(true);
    gru.workspace.ClearGradients(kernels, shape);
    GruBackwardPass(kernels, shape, gru.weights, gru.slice(), gru.workspace, direction.data(), shape.hidden,
                    Cancellation{});
    const std::size_t H = gru.H;
    std::vector<double> dW(3 * H * gru.E), dU(3 * H * H), db(3 * H), dc(H);
    AddGruGradients(kernels, shape, gru.workspace,
                    GruTensors<double>{dW.data(), dU.data(), db.data(), dc.data()});
    const auto stride = static_cast<std::size_t>(PaddedWidth(kernels, shape.embedding));
    std::vector<double> dx;
    for (std::size_t t = 0; t < static_cast<std::size_t>(gru.slice().tokens()); ++t) {
      for (std::size_t j = 0; j < gru.E; ++j) dx.push_back(gru.workspace.input_gradient[t * stride + j]);
    }
    testing::CheckGradient("input weights", gru.input_weights.data(), dW.data(), dW.size(), objective);
    testing::CheckGradient("recurrent weights", gru.recurrent_weights.data(), dU.data(), dU.size(),
                           objective);
    testing::CheckGradient("bias", gru.bias.data(), db.data(), db.size(), objective);
    testing::CheckGradient("candidate bias", gru.candidate_bias.data(), dc.data(), dc.size(), objective);
    testing::CheckGradient("input", gru.input.data(), dx.data(), dx.size(), objective);
  }
}

TEST_CASE("a backward pass over several chunks equals one over single texts") {
  // 20 texts of 40 tokens are more rows than one chunk holds.
  const GruShape shape{3, 6};
  std::vector<int> lengths;
  for (int i = 0; i < 20; ++i) lengths.push_back(40 - i % 7);
  GruCase<double> gru(shape, lengths);
  const auto& kernels = Kernels<double>();
  const auto direction = RandomNumbers<double>(8, 20 * gru.H);
  gru.Forward(true);
  gru.workspace.ClearGradients(kernels, shape);
  GruBackwardPass(kernels, shape, gru.weights, gru.slice(), gru.workspace, direction.data(), shape.hidden,
                  Cancellation{});
  std::vector<double> dW(3 * 6 * 3), dU(3 * 6 * 6), db(3 * 6), dc(6);
  AddGruGradients(kernels, shape, gru.workspace,
                  GruTensors<double>{dW.data(), dU.data(), db.data(), dc.data()});
  const auto objective = [&] {
    const auto states = gru.Forward(false);
    return std::inner_product(states.begin(), states.end(), direction.begin(), 0.0);
  };
  testing::CheckGradient("input weights", gru.input_weights.data(), dW.data(), dW.size(), objective);
  testing::CheckGradient("recurrent weights", gru.recurrent_weights.data(), dU.data(), dU.size(), objective);
  testing::CheckGradient("bias", gru.bias.data(), db.data(), db.size(), objective);
  testing::CheckGradient("candidate bias", gru.candidate_bias.data(), dc.data(), dc.size(), objective);
}

TEST_CASE("a requested cancellation ends both passes") {
  GruCase<float> gru({3, 5}, {4, 2});
  gru.Forward(true);
  Cancellation cancellation;
  cancellation.Request();
  std::vector<float> states(2 * gru.H);
  CHECK_THROWS_AS(GruForwardPass(Kernels<float>(), gru.shape, gru.weights, gru.slice(), gru.workspace, true,
                                 states.data(), 5, cancellation),
                  Error);
  gru.workspace.ClearGradients(Kernels<float>(), gru.shape);
  CHECK_THROWS_AS(GruBackwardPass(Kernels<float>(), gru.shape, gru.weights, gru.slice(), gru.workspace,
                                  states.data(), 5, cancellation),
                  Error);
}

}  // namespace advnative
