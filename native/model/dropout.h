// Dropout masks and unknown-token replacement, drawn from counters.
#pragma once

#include <cstdint>
#include <vector>

#include "base/cancellation.h"
#include "base/matrix_view.h"
#include "base/philox.h"

namespace advnative {

// Every element of the mask is 0 with probability 1 − keep, else 1 / keep ("inverted" dropout, so that
// evaluation needs no scaling); what lies between two rows is 0. Element (row, j) depends on the stream and
// its own place only. keep in (0, 1]. Throws kCancelled.
void FillDropoutMask(const Philox& random, double keep, Matrix mask, const Cancellation& cancellation);

// Replaces each id by `unknown_id` with probability `rate` (Bělohlávek et al. 2018, training of the unknown
// symbol).
void ReplaceByUnknown(const Philox& random, double rate, std::int32_t unknown_id,
                      std::vector<std::int32_t>& ids);

}  // namespace advnative
