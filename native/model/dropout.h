// Dropout masks and unknown-token replacement, drawn from counters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/cancellation.h"
#include "base/philox.h"
#include "base/scalar.h"

namespace advnative {

// mask[row·stride + j] = 0 with probability 1 − keep, else 1 / keep ("inverted" dropout, so that evaluation
// needs no scaling), for j < columns; the rest of a row is 0. Element (row, j) depends on the stream and its
// own place only. keep in (0, 1]. Throws kCancelled.
void FillDropoutMask(const Philox& random, double keep, std::ptrdiff_t rows, std::ptrdiff_t columns,
                     std::ptrdiff_t stride, Scalar* mask, const Cancellation& cancellation);

// Replaces each id by `unknown_id` with probability `rate` (Bělohlávek et al. 2018, training of the unknown
// symbol).
void ReplaceByUnknown(const Philox& random, double rate, std::int32_t unknown_id,
                      std::vector<std::int32_t>& ids);

}  // namespace advnative
