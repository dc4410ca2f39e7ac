// Which buffers are worth keeping from call to call.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace advnative {

// Batches of one epoch differ by far, and buffers that came and went with each would be mapped and filled
// with zeros by the system every time. So buffers stay as long as a call of late needed a good part of them:
// the memory of a batch that is much larger than all of the last 64 is given back at once, and when a like
// one comes soon after, it is no exception any more and its buffers stay.
class RecentSizes {
 public:
  // Notes a call that needed `bytes`. Whether `held` bytes, what buffers now take, are too many to keep.
  bool Add(std::size_t bytes, std::size_t held) {
    const std::size_t usual = *std::max_element(recent_.begin(), recent_.end());
    recent_[next_++ % recent_.size()] = bytes;
    return held > kAlwaysKept && held / 4 > usual;
  }

 private:
  // Not worth the trouble.
  static constexpr std::size_t kAlwaysKept = std::size_t{64} << 20;

  std::array<std::size_t, 64> recent_{};
  std::size_t next_ = 0;
};

}  // namespace advnative
