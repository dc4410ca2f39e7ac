#include "model/dropout.h"

#include <algorithm>

namespace advnative {

void FillDropoutMask(const Philox& random, double keep, Matrix mask, const Cancellation& cancellation) {
  const Scalar kept = static_cast<Scalar>(1.0 / keep);
  const std::uint64_t blocks_per_row = static_cast<std::uint64_t>(mask.columns + 3) / 4;
  for (int row = 0; row < mask.rows; ++row) {
    cancellation.Check();
    Scalar* to = mask.Row(row);
    for (int j = 0; j < mask.columns; j += 4) {
      const auto words =
          random.Block(static_cast<std::uint64_t>(row) * blocks_per_row + static_cast<std::uint64_t>(j) / 4);
      for (int k = 0; k < 4 && j + k < mask.columns; ++k) {
        to[j + k] = words[static_cast<std::size_t>(k)] * 0x1p-32 < keep ? kept : Scalar(0);
      }
    }
    std::fill(to + mask.columns, to + mask.stride, Scalar(0));
  }
}

void ReplaceByUnknown(const Philox& random, double rate, std::int32_t unknown_id,
                      std::vector<std::int32_t>& ids) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (random.Uniform(i) < rate) ids[i] = unknown_id;
  }
}

}  // namespace advnative
