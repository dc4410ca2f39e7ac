// A small head with random weights over random states.
#pragma once

#include <optional>
#include <vector>

#include "base/thread_pool.h"
#include "batch_maker.h"
#include "cpu/layers/mlp.h"

namespace advnative::testing {

// S = 6 states, M = 9 hidden, C = 4 classes, B = 3.
struct MlpCase {
  static constexpr MlpShape kShape{6, 9, 4};
  static constexpr int kBatch = 3;

  explicit MlpCase(bool with_mask) : mlp(Kernels(), pool, kShape) {
    states = Padded(RandomNumbers(5, 3 * 6), 6, mlp.state_stride());
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

  // Values [B][columns] as Padded leaves them.
  template <typename Number>
  static MatrixView<Number> View(Number* padded, int rows, int columns, std::ptrdiff_t stride) {
    return {padded, rows, columns, stride};
  }
  ConstMatrix state_view() const { return View(states.data(), kBatch, 6, mlp.state_stride()); }
  std::optional<ConstMatrix> mask_view() const {
    if (mask.empty()) return std::nullopt;
    return View(mask.data(), kBatch, 9, mlp.hidden_stride());
  }

  void Forward() {
    mlp.Pack({w1.data(), b1.data(), w2.data(), b2.data()}, Cancellation{});
    mlp.Begin(kBatch, PassKind::kTraining);
    mlp.Forward(state_view(), mask_view(), Cancellation{});
  }

  ThreadPool pool{2};
  Mlp mlp;
  std::vector<Scalar> w1 = RandomNumbers(1, 9 * 6);
  std::vector<Scalar> b1 = RandomNumbers(2, 9);
  std::vector<Scalar> w2 = RandomNumbers(3, 4 * 9);
  std::vector<Scalar> b2 = RandomNumbers(4, 4);
  std::vector<Scalar> states;
  std::vector<Scalar> mask;
};

}  // namespace advnative::testing
