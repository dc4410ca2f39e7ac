#include "cpu/layers/mlp.h"

#include <doctest/doctest.h>

#include <cmath>

#include "batch_maker.h"
#include "finite_differences.h"

namespace advnative {

using testing::Kernels;
using testing::RandomNumbers;

namespace {

// S = 6 states, M = 9 hidden, C = 4 classes, B = 3.
template <typename Scalar>
struct MlpCase {
  static constexpr MlpShape kShape{6, 9, 4};
  static constexpr int kBatch = 3;

  explicit MlpCase(bool with_mask) : mlp(Kernels<Scalar>(), pool, kShape) {
    states = Padded(RandomNumbers<Scalar>(5, 3 * 6), 6, mlp.state_stride());
    if (!with_mask) return;
    std::vector<Scalar> values(3 * 9);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = i % 3 == 0 ? Scalar(0) : Scalar(2);
    mask = Padded(values, 9, mlp.hidden_stride());
  }

  static std::vector<Scalar> Padded(const std::vector<Scalar>& values, std::size_t width,
                                    std::ptrdiff_t stride) {
    std::vector<Scalar> padded(values.size() / width * static_cast<std::size_t>(stride));
    for (std::size_t i = 0; i < values.size(); ++i) {
      padded[i / width * static_cast<std::size_t>(stride) + i % width] = values[i];
    }
    return padded;
  }

  const Scalar* mask_or_null() const { return mask.empty() ? nullptr : mask.data(); }

  void Forward() {
    mlp.Pack({w1.data(), b1.data(), w2.data(), b2.data()}, Cancellation{});
    mlp.Begin(kBatch, true);
    mlp.Forward(kBatch, states.data(), mask_or_null(), Cancellation{});
  }

  ThreadPool pool{2};
  Mlp<Scalar> mlp;
  std::vector<Scalar> w1 = RandomNumbers<Scalar>(1, 9 * 6);
  std::vector<Scalar> b1 = RandomNumbers<Scalar>(2, 9);
  std::vector<Scalar> w2 = RandomNumbers<Scalar>(3, 4 * 9);
  std::vector<Scalar> b2 = RandomNumbers<Scalar>(4, 4);
  std::vector<Scalar> states;
  std::vector<Scalar> mask;
};

}  // namespace

TEST_CASE_TEMPLATE("logits equal naive ones, with and without a mask", Scalar, float, double) {
  const double tolerance = std::is_same_v<Scalar, float> ? 1e-5 : 1e-13;
  for (const bool with_mask : {false, true}) {
    MlpCase<Scalar> head(with_mask);
    head.Forward();
    for (std::size_t b = 0; b < 3; ++b) {
      std::vector<double> hidden(9);
      for (std::size_t m = 0; m < 9; ++m) {
        double sum = static_cast<double>(head.b1[m]);
        for (std::size_t s = 0; s < 6; ++s) {
          sum += static_cast<double>(head.w1[m * 6 + s]) *
                 static_cast<double>(head.states[b * static_cast<std::size_t>(head.mlp.state_stride()) + s]);
        }
        const double kept = with_mask ? ((b * 9 + m) % 3 == 0 ? 0.0 : 2.0) : 1.0;
        hidden[m] = std::max(0.0, sum) * kept;
      }
      for (std::size_t c = 0; c < 4; ++c) {
        double expected = static_cast<double>(head.b2[c]);
        for (std::size_t m = 0; m < 9; ++m) expected += static_cast<double>(head.w2[c * 9 + m]) * hidden[m];
        const Scalar logit = head.mlp.logits()[b * static_cast<std::size_t>(head.mlp.logit_stride()) + c];
        REQUIRE(std::abs(static_cast<double>(logit) - expected) <= tolerance);
      }
    }
  }
}

TEST_CASE("gradients of the head equal finite differences, with and without a mask") {
  for (const bool with_mask : {false, true}) {
    MlpCase<double> head(with_mask);
    const auto direction =
        MlpCase<double>::Padded(RandomNumbers<double>(8, 3 * 4), 4, head.mlp.logit_stride());
    const auto objective = [&] {
      head.Forward();
      double sum = 0.0;
      for (std::size_t i = 0; i < direction.size(); ++i) sum += direction[i] * head.mlp.logits()[i];
      return sum;
    };
    objective();
    std::vector<double> dw1(9 * 6), db1(9), dw2(4 * 9), db2(4), dstates(head.states.size());
    head.mlp.Backward(3, head.states.data(), head.mask_or_null(), direction.data(),
                      {dw1.data(), db1.data(), dw2.data(), db2.data()}, dstates.data(), Cancellation{});
    testing::CheckGradient("hidden weights", head.w1.data(), dw1.data(), dw1.size(), objective);
    testing::CheckGradient("hidden bias", head.b1.data(), db1.data(), db1.size(), objective);
    testing::CheckGradient("output weights", head.w2.data(), dw2.data(), dw2.size(), objective);
    testing::CheckGradient("output bias", head.b2.data(), db2.data(), db2.size(), objective);
    for (std::size_t b = 0; b < 3; ++b) {
      const std::size_t at = b * static_cast<std::size_t>(head.mlp.state_stride());
      testing::CheckGradient("states", head.states.data() + at, dstates.data() + at, 6, objective);
    }
  }
}

// Several blocks of rows and of inputs, against the same products in one piece each.
TEST_CASE("a head larger than a block of its products gives the same bits a text at a time") {
  constexpr MlpShape kLarge{40, 3500, 130};
  constexpr int kTexts = 300;
  ThreadPool pool(2);
  const auto& kernels = Kernels<float>();
  const auto w1 = RandomNumbers<float>(1, 3500 * 40);
  const auto b1 = RandomNumbers<float>(2, 3500);
  const auto w2 = RandomNumbers<float>(3, 130 * 3500);
  const auto b2 = RandomNumbers<float>(4, 130);
  Mlp<float> whole(kernels, pool, kLarge);
  Mlp<float> single(kernels, pool, kLarge);
  const auto states = MlpCase<float>::Padded(RandomNumbers<float>(5, kTexts * 40), 40, whole.state_stride());
  for (Mlp<float>* head : {&whole, &single}) {
    head->Pack({w1.data(), b1.data(), w2.data(), b2.data()}, Cancellation{});
    head->Begin(head == &whole ? kTexts : 1, true);
  }
  whole.Forward(kTexts, states.data(), nullptr, Cancellation{});
  for (int text = 0; text < kTexts; ++text) {
    single.Forward(1, states.data() + text * whole.state_stride(), nullptr, Cancellation{});
    for (int c = 0; c < 130; ++c) {
      REQUIRE(single.logits()[c] == whole.logits()[text * whole.logit_stride() + c]);
    }
  }
}

TEST_CASE("gradients of a head larger than a block of its products equal naive ones") {
  constexpr MlpShape kLarge{6, 3500, 4};
  constexpr int kTexts = 3;
  ThreadPool pool(2);
  const auto w1 = RandomNumbers<double>(1, 3500 * 6);
  const auto b1 = RandomNumbers<double>(2, 3500);
  const auto w2 = RandomNumbers<double>(3, 4 * 3500);
  const auto b2 = RandomNumbers<double>(4, 4);
  Mlp<double> head(Kernels<double>(), pool, kLarge);
  const auto states = MlpCase<double>::Padded(RandomNumbers<double>(5, kTexts * 6), 6, head.state_stride());
  const auto direction =
      MlpCase<double>::Padded(RandomNumbers<double>(8, kTexts * 4), 4, head.logit_stride());
  head.Pack({w1.data(), b1.data(), w2.data(), b2.data()}, Cancellation{});
  head.Begin(kTexts, true);
  head.Forward(kTexts, states.data(), nullptr, Cancellation{});
  std::vector<double> dw1(3500 * 6), db1(3500), dw2(4 * 3500), db2(4), dstates(states.size());
  head.Backward(kTexts, states.data(), nullptr, direction.data(),
                {dw1.data(), db1.data(), dw2.data(), db2.data()}, dstates.data(), Cancellation{});
  for (std::size_t m = 0; m < 3500; ++m) {
    for (std::size_t c = 0; c < 4; ++c) {
      double expected = 0.0;
      for (std::size_t b = 0; b < kTexts; ++b) {
        double hidden = b1[m];
        for (std::size_t s = 0; s < 6; ++s) {
          hidden += w1[m * 6 + s] * states[b * static_cast<std::size_t>(head.state_stride()) + s];
        }
        expected += direction[b * static_cast<std::size_t>(head.logit_stride()) + c] * std::max(0.0, hidden);
      }
      REQUIRE(std::abs(dw2[c * 3500 + m] - expected) <= 1e-12);
    }
  }
}

TEST_CASE("a cancelled head stops") {
  MlpCase<float> head(false);
  head.Forward();
  Cancellation cancellation;
  cancellation.Request();
  CHECK_THROWS_AS(head.mlp.Forward(3, head.states.data(), nullptr, cancellation), Error);
  std::vector<float> direction(3 * static_cast<std::size_t>(head.mlp.logit_stride()), 1.0f);
  std::vector<float> dw1(9 * 6), db1(9), dw2(4 * 9), db2(4), dstates(head.states.size());
  CHECK_THROWS_AS(
      head.mlp.Backward(3, head.states.data(), nullptr, direction.data(),
                        {dw1.data(), db1.data(), dw2.data(), db2.data()}, dstates.data(), cancellation),
      Error);
  CHECK_THROWS_AS(
      head.mlp.Pack({head.w1.data(), head.b1.data(), head.w2.data(), head.b2.data()}, cancellation), Error);
}

}  // namespace advnative
