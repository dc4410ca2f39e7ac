// One aligned block of numbers that grows, and is freed as a whole: parameters, gradients, moments,
// activations.
#pragma once

#include <cstddef>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

#include "base/memory_block.h"

namespace advnative {

// Elements of a block of `rows` rows.
inline std::size_t Size(std::ptrdiff_t rows, std::ptrdiff_t columns) {
  return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
}

// A block of Scalars aligned for the widest vectors. Reserve keeps nothing of the old content when it has to
// grow: the buffers it serves are written anew by every batch.
template <typename Number>
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  // `size` zeros, in memory that large buffers only take as it is written to.
  explicit AlignedBuffer(std::size_t size) : capacity_(size), size_(size) {
    if (size > 0) Adopt(AllocateZeroedMemory(Bytes(size)));
  }

  // Makes room for `size` elements of unspecified value.
  void Reserve(std::size_t size) {
    if (size > capacity_) {
      // Empty before it is filled, so that running out of memory leaves nothing that points into freed
      // memory.
      Free();
      Adopt(AllocateMemory(Bytes(size)));
      capacity_ = size;
    }
    size_ = size;
  }

  // Makes room for `size` elements, all zero.
  void Zero(std::size_t size) {
    Reserve(size);
    Clear();
  }

  // Makes every element zero.
  void Clear() {
    if (size_ > 0) std::memset(static_cast<void*>(values_), 0, size_ * sizeof(Number));
  }

  // Gives the memory back; the buffer is empty.
  void Free() {
    block_.reset();
    values_ = nullptr;
    capacity_ = 0;
    size_ = 0;
  }

  // Elements that there is room for.
  std::size_t capacity() const { return capacity_; }

  Number* data() { return values_; }
  const Number* data() const { return values_; }
  std::size_t size() const { return size_; }
  Number& operator[](std::size_t index) { return values_[index]; }
  const Number& operator[](std::size_t index) const { return values_[index]; }

 private:
  static std::size_t Bytes(std::size_t size) {
    constexpr std::size_t kMostBytes = std::numeric_limits<std::ptrdiff_t>::max();
    if (size > kMostBytes / sizeof(Number)) throw std::bad_array_new_length();
    return size * sizeof(Number);
  }

  void Adopt(MemoryBlock block) {
    block_ = std::move(block);
    values_ = reinterpret_cast<Number*>(block_.get());
  }

  MemoryBlock block_;
  Number* values_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

}  // namespace advnative
