#include "attacks/random_sign.h"

#include <algorithm>

#include "model/backend.h"

namespace advnative {

double Perturb(const RandomSign& attack, Backend& backend, const StepKey& key,
               const Cancellation& cancellation) {
  const double epsilon = AbsoluteEpsilon(attack.epsilon, attack.unit, backend, key.step);
  cancellation.Check();
  backend.PerturbAtRandom(Philox(key.seed, RandomStream::kRandomSign, key.step), epsilon, cancellation);
  return epsilon;
}

void FillRandomSigns(const Philox& random, Scalar epsilon, Matrix perturbation,
                     const Cancellation& cancellation) {
  constexpr int kWordBits = 32;
  constexpr int kBlockBits = 4 * kWordBits;
  const int blocks_per_row = (perturbation.columns + kBlockBits - 1) / kBlockBits;
  for (int row = 0; row < perturbation.rows; ++row) {
    cancellation.Check();
    Scalar* to = perturbation.Row(row);
    const std::uint64_t first = static_cast<std::uint64_t>(row) * static_cast<std::uint64_t>(blocks_per_row);
    for (int block = 0; block < blocks_per_row; ++block) {
      const auto words = random.Block(first + static_cast<std::uint64_t>(block));
      const int begin = block * kBlockBits;
      const int end = std::min(begin + kBlockBits, perturbation.columns);
      for (int j = begin; j < end; ++j) {
        const std::uint32_t word = words[static_cast<std::size_t>((j - begin) / kWordBits)];
        to[j] = (word >> (j % kWordBits) & 1u) != 0 ? epsilon : -epsilon;
      }
    }
    std::fill(to + perturbation.columns, to + perturbation.stride, Scalar(0));
  }
}

}  // namespace advnative
