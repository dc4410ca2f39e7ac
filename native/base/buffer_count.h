// Whoever computes lists its buffers once, each with the size that it needs. By the same list room is made,
// memory is counted before anything is touched, and buffers are freed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/scalar.h"

namespace advnative {

// What is done with a buffer of a list, which needs `size` elements.
using BufferVisit = std::function<void(AlignedBuffer<Scalar>& buffer, std::size_t size)>;

inline void ReserveBuffer(AlignedBuffer<Scalar>& buffer, std::size_t size) { buffer.Reserve(size); }

inline void ZeroBuffer(AlignedBuffer<Scalar>& buffer, std::size_t size) { buffer.Zero(size); }

inline void FreeBuffer(AlignedBuffer<Scalar>& buffer, std::size_t) { buffer.Free(); }

// Adds up bytes. A buffer that is listed several times counts once, with its largest size.
class BufferCount {
 public:
  void Add(const AlignedBuffer<Scalar>& buffer, std::size_t size) {
    const std::size_t bytes = BytesOfBlock(size * sizeof(Scalar));
    const auto known = std::find_if(open_.begin(), open_.end(),
                                    [&buffer](const Entry& entry) { return entry.buffer == &buffer; });
    if (known != open_.end()) {
      known->needed = std::max(known->needed, bytes);
    } else {
      open_.push_back({&buffer, bytes, BytesOfBlock(buffer.capacity() * sizeof(Scalar))});
    }
  }

  // The list's visit.
  BufferVisit Visit() {
    return [this](AlignedBuffer<Scalar>& buffer, std::size_t size) { Add(buffer, size); };
  }

  // What lies in other containers.
  void AddBytes(std::size_t bytes) { others_ += bytes; }

  // Ends a group of buffers that is not listed again: fewer are looked through.
  void Close() {
    for (const Entry& entry : open_) {
      needed_ += entry.needed;
      growth_ += entry.needed > entry.held ? entry.needed - entry.held : 0;
    }
    open_.clear();
  }

  // Of all groups that are closed, and of other containers.
  std::size_t needed() const { return needed_ + others_; }
  // Beyond what the buffers hold already; other containers are made anew.
  std::size_t growth() const { return growth_ + others_; }

 private:
  struct Entry {
    const void* buffer;
    std::size_t needed;
    std::size_t held;
  };

  std::vector<Entry> open_;
  std::size_t needed_ = 0;
  std::size_t growth_ = 0;
  std::size_t others_ = 0;
};

}  // namespace advnative
