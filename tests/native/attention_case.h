// Attention with random weights over the random states of a few texts.
#pragma once

#include <vector>

#include "base/thread_pool.h"
#include "batch_maker.h"
#include "cpu/layers/attention.h"

namespace advnative::testing {

struct AttentionCase {
  static constexpr int kStates = 5;

  AttentionCase(std::vector<std::int32_t> texts, int threads)
      : pool(threads),
        attention(Kernels(), pool, kStates),
        offsets(std::move(texts)),
        tokens(Padded(RandomNumbers(5, Count(offsets.back(), kStates)))),
        pooled(Count(static_cast<int>(offsets.size()) - 1, stride())) {}

  static std::ptrdiff_t stride() { return PaddedWidth(Kernels(), kStates); }
  static std::size_t Count(int rows, std::ptrdiff_t columns) { return Size(rows, columns); }

  static std::vector<Scalar> Padded(const std::vector<Scalar>& values) {
    std::vector<Scalar> padded(values.size() / kStates * static_cast<std::size_t>(stride()));
    for (std::size_t i = 0; i < values.size(); ++i) {
      padded[i / kStates * static_cast<std::size_t>(stride()) + i % kStates] = values[i];
    }
    return padded;
  }

  static Matrix View(std::vector<Scalar>& padded) {
    return {padded.data(), static_cast<int>(padded.size()) / static_cast<int>(stride()), kStates, stride()};
  }

  void Forward() {
    attention.Pack({weights.data(), bias.data(), context.data()}, Cancellation{});
    attention.VisitBuffers(static_cast<std::size_t>(offsets.back()), PassKind::kTraining, &ReserveBuffer);
    attention.Forward(offsets, View(tokens), View(pooled), Cancellation{});
  }

  ThreadPool pool;
  Attention attention;
  std::vector<std::int32_t> offsets;
  std::vector<Scalar> weights = RandomNumbers(1, kStates* kStates);
  std::vector<Scalar> bias = RandomNumbers(2, kStates);
  std::vector<Scalar> context = RandomNumbers(3, kStates);
  std::vector<Scalar> tokens;  // [N][S*]
  std::vector<Scalar> pooled;  // [B][S*]
};

}  // namespace advnative::testing
