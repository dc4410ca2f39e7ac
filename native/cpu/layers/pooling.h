// Pooling of the states of a text's tokens, forward and back.
//
// Dimension letters: B texts of a batch, N tokens, S = 2H states of a token, P poolings of a list.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/cancellation.h"
#include "base/matrix_view.h"
#include "base/thread_pool.h"
#include "model/pooling.h"

namespace advnative {

// The block [B][S] of what is pooled [B][P·S] that an entry of the list has; without data where the list has
// no such entry.
template <typename Number>
MatrixView<Number> PooledBy(Pooling pooling, const std::vector<Pooling>& list, MatrixView<Number> pooled) {
  const int states = pooled.columns / static_cast<int>(list.size());
  const auto place = std::find(list.begin(), list.end(), pooling);
  if (place == list.end()) return {nullptr, pooled.rows, states, pooled.stride};
  return pooled.Columns(static_cast<int>(place - list.begin()) * states, states);
}

// Writes the blocks of what is pooled [B][P·S] by maximum and mean, from the states of the tokens [N][S],
// text after text. Throws kCancelled.
void PoolTokens(ThreadPool& pool, const std::vector<Pooling>& list, const std::vector<std::int32_t>& offsets,
                ConstMatrix tokens, Matrix pooled, const Cancellation& cancellation);

// From the gradient of what was pooled [B][P·S] by these two to that of the states of the tokens [N][S],
// written. The gradient of a maximum goes to the first token that has it. Throws kCancelled.
void PoolTokensBack(ThreadPool& pool, const std::vector<Pooling>& list,
                    const std::vector<std::int32_t>& offsets, ConstMatrix tokens, ConstMatrix pooled,
                    ConstMatrix pooled_gradient, Matrix token_gradient, const Cancellation& cancellation);

}  // namespace advnative
