// Raw memory for numbers: aligned for the widest vectors, on huge pages where blocks are large.
#pragma once

#include <cstddef>
#include <memory>

namespace advnative {

inline constexpr std::size_t kBlockAlignment = 64;

struct MemoryBlockDeleter {
  std::size_t bytes = 0;            // BytesOfBlock
  std::size_t mapped_bytes = 0;     // 0: from the C++ heap,
  std::byte* allocation = nullptr;  // which gave this address
  void operator()(std::byte* block) const;
};

// A block and its owner; `get()` is aligned to kBlockAlignment.
using MemoryBlock = std::unique_ptr<std::byte, MemoryBlockDeleter>;

// `bytes` of unspecified content. Blocks of 512 KiB and more begin on a huge page and ask the system for such
// pages: a product's operands lie so far apart that with small pages most of its time goes to finding them.
// Throws std::bad_alloc.
MemoryBlock AllocateMemory(std::size_t bytes);

// The same with every byte zero. Large blocks are not touched: the system makes each page when it is used
// first.
MemoryBlock AllocateZeroedMemory(std::size_t bytes);

// What a block of `bytes` takes of the process; 0 for none.
std::size_t BytesOfBlock(std::size_t bytes);

// What all blocks that there are take of this process.
std::size_t BytesOfAllBlocks();

// Hands what freed blocks left with the C++ heap back to the system, where it can.
void ReturnFreedMemory();

}  // namespace advnative
