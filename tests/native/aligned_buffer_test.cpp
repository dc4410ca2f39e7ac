#include "base/aligned_buffer.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <new>
#include <utility>

namespace advnative {

TEST_CASE("a buffer is aligned, grows, and is empty after it ran out of memory") {
  AlignedBuffer<float> buffer(10);
  CHECK(reinterpret_cast<std::uintptr_t>(buffer.data()) % kBlockAlignment == 0);
  CHECK_THROWS_AS(buffer.Reserve(std::size_t{1} << 61), std::bad_alloc);
  CHECK(buffer.size() == 0);
  // A size that would have fitted the lost block must be allocated anew.
  buffer.Reserve(5);
  for (std::size_t i = 0; i < 5; ++i) buffer[i] = 1.0f;
  CHECK(buffer.size() == 5);
}

TEST_CASE("a large buffer can be written from end to end, moved and freed") {
  constexpr std::size_t kSize = (std::size_t{5} << 20) / sizeof(float) + 1;
  AlignedBuffer<float> buffer(kSize);
  CHECK(reinterpret_cast<std::uintptr_t>(buffer.data()) % kBlockAlignment == 0);
  CHECK(buffer[kSize - 1] == 0.0f);
  buffer[0] = 1.0f;
  buffer[kSize - 1] = 2.0f;
  const AlignedBuffer<float> moved = std::move(buffer);
  CHECK(moved[0] == 1.0f);
  CHECK(moved[kSize - 1] == 2.0f);
}

}  // namespace advnative
