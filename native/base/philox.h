// Counter-based random numbers: Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as
// easy as 1, 2, 3", SC 2011. A draw is a pure function of (seed, stream, step, index), so that neither the
// number of threads nor the order of work changes it, and a resumed run needs no generator state but its
// step.
#pragma once

#include <array>
#include <cstdint>

namespace advnative {

// What a draw is for; draws of different streams are independent.
enum class RandomStream : std::uint32_t {
  kInitialization = 0,
  kUnknownReplacement = 1,
  kEmbeddingDropout = 2,
  kHiddenDropout = 3,
  kLayerDropout = 4,  // and as many numbers after it as there may be layers
  kRandomSign = 14,
  kLinearOrder = 15,
};

// What the draws of a training step depend on, beside what they are for.
struct StepKey {
  std::uint64_t seed;
  std::uint64_t step;
};

class Philox {
 public:
  // `step` is the training step, the number of the tensor for initialisation, or a pass over rows.
  Philox(std::uint64_t seed, RandomStream stream, std::uint64_t step)
      : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
        // Steps above 2^60 would reach into the stream's bits; no run takes that many.
        high_{static_cast<std::uint32_t>(step),
              (static_cast<std::uint32_t>(stream) << 28) ^ static_cast<std::uint32_t>(step >> 32)} {}

  // Four independent 32-bit words for counter `block`.
  std::array<std::uint32_t, 4> Block(std::uint64_t block) const {
    std::array<std::uint32_t, 4> x{static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
                                   high_[0], high_[1]};
    std::uint32_t key0 = key_[0];
    std::uint32_t key1 = key_[1];
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t product0 = std::uint64_t{0xD2511F53u} * x[0];
      const std::uint64_t product1 = std::uint64_t{0xCD9E8D57u} * x[2];
      x = {static_cast<std::uint32_t>(product1 >> 32) ^ x[1] ^ key0, static_cast<std::uint32_t>(product1),
           static_cast<std::uint32_t>(product0 >> 32) ^ x[3] ^ key1, static_cast<std::uint32_t>(product0)};
      key0 += 0x9E3779B9u;
      key1 += 0xBB67AE85u;
    }
    return x;
  }

  // Both halves of the seed, and the counter's high words: what a kernel needs to make blocks of its own.
  const std::array<std::uint32_t, 2>& key() const { return key_; }
  const std::array<std::uint32_t, 2>& high() const { return high_; }

  // A number in [0, 1) with 32 bits: draw `index` of this stream and step.
  double Uniform(std::uint64_t index) const {
    return Block(index / 4)[static_cast<std::size_t>(index % 4)] * 0x1p-32;
  }

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 2> high_;
};

// Draws of one generator in their order, each block computed once.
class UniformSequence {
 public:
  UniformSequence(const Philox& random, std::uint64_t first) : random_(random), next_(first) {}

  // As Philox::Uniform of the next index.
  double Next() {
    if (next_ / 4 != block_) {
      block_ = next_ / 4;
      words_ = random_.Block(block_);
    }
    return words_[static_cast<std::size_t>(next_++ % 4)] * 0x1p-32;
  }

 private:
  const Philox random_;
  std::uint64_t next_;
  std::uint64_t block_ = ~std::uint64_t{0};
  std::array<std::uint32_t, 4> words_{};
};

}  // namespace advnative
