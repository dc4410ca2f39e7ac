#include "base/memory_block.h"

#include <atomic>
#include <cstring>
#include <limits>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif
#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace advnative {

namespace {

std::atomic<std::size_t> bytes_of_all_blocks{0};

// Aligned by hand: blocks of the C library's aligned allocation are hard to fit again after they are freed,
// and a process that makes one model after another would grow.
MemoryBlock AllocateSmall(std::size_t bytes) {
  std::size_t space = bytes + kBlockAlignment;
  auto* const allocation = new std::byte[space];
  void* begin = allocation;
  return MemoryBlock(static_cast<std::byte*>(std::align(kBlockAlignment, bytes, begin, space)),
                     MemoryBlockDeleter{.allocation = allocation});
}

#if defined(__linux__)
constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kLeastMapped = std::size_t{512} << 10;

std::size_t WholeHugePages(std::size_t bytes) { return (bytes + kHugePage - 1) / kHugePage * kHugePage; }

// Maps one huge page more than needed and gives back what lies before and behind the aligned part.
MemoryBlock MapHugePages(std::size_t bytes) {
  if (bytes > std::numeric_limits<std::size_t>::max() / 2) throw std::bad_alloc();
  const std::size_t size = WholeHugePages(bytes);
  void* mapped = mmap(nullptr, size + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  void* aligned = mapped;
  std::size_t space = size + kHugePage;
  std::align(kHugePage, size, aligned, space);
  auto* const begin = static_cast<std::byte*>(mapped);
  auto* const block = static_cast<std::byte*>(aligned);
  const auto before = static_cast<std::size_t>(block - begin);
  if (before > 0) munmap(begin, before);
  if (before < kHugePage) munmap(block + size, kHugePage - before);
  // A system without huge pages refuses, and serves small ones as well.
  madvise(block, size, MADV_HUGEPAGE);
  return MemoryBlock(block, MemoryBlockDeleter{.mapped_bytes = size});
}
#endif

}  // namespace

void MemoryBlockDeleter::operator()([[maybe_unused]] std::byte* block) const {
  bytes_of_all_blocks.fetch_sub(bytes, std::memory_order_relaxed);
#if defined(__linux__)
  if (mapped_bytes > 0) {
    munmap(block, mapped_bytes);
    return;
  }
#endif
  delete[] allocation;
}

MemoryBlock AllocateMemory(std::size_t bytes) {
#if defined(__linux__)
  MemoryBlock block = bytes >= kLeastMapped ? MapHugePages(bytes) : AllocateSmall(bytes);
#else
  MemoryBlock block = AllocateSmall(bytes);
#endif
  block.get_deleter().bytes = BytesOfBlock(bytes);
  bytes_of_all_blocks.fetch_add(block.get_deleter().bytes, std::memory_order_relaxed);
  return block;
}

std::size_t BytesOfBlock(std::size_t bytes) {
  if (bytes == 0) return 0;
#if defined(__linux__)
  if (bytes >= kLeastMapped) return WholeHugePages(bytes);
#endif
  return bytes + kBlockAlignment;
}

std::size_t BytesOfAllBlocks() { return bytes_of_all_blocks.load(std::memory_order_relaxed); }

void ReturnFreedMemory() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

MemoryBlock AllocateZeroedMemory(std::size_t bytes) {
  MemoryBlock block = AllocateMemory(bytes);
  // What was mapped anew is zero.
  if (block.get_deleter().mapped_bytes == 0) std::memset(block.get(), 0, bytes);
  return block;
}

}  // namespace advnative
