#include "base/aligned_buffer.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <new>

namespace advnative {

TEST_CASE("a buffer is aligned, grows, and is empty after it ran out of memory") {
  AlignedBuffer<float> buffer(10);
  CHECK(reinterpret_cast<std::uintptr_t>(buffer.data()) % AlignedBuffer<float>::kAlignment == 0);
  CHECK_THROWS_AS(buffer.Reserve(std::size_t{1} << 61), std::bad_alloc);
  CHECK(buffer.size() == 0);
  // A size that would have fitted the lost block must be allocated anew.
  buffer.Reserve(5);
  for (std::size_t i = 0; i < 5; ++i) buffer[i] = 1.0f;
  CHECK(buffer.size() == 5);
}

}  // namespace advnative
