#include "base/memory_block.h"

#include <cstring>
#include <limits>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace advnative {

namespace {

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

// Maps one huge page more than needed and gives back what lies before and behind the aligned part.
MemoryBlock MapHugePages(std::size_t bytes) {
  if (bytes > std::numeric_limits<std::size_t>::max() / 2) throw std::bad_alloc();
  const std::size_t size = (bytes + kHugePage - 1) / kHugePage * kHugePage;
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
  if (bytes >= kLeastMapped) return MapHugePages(bytes);
#endif
  return AllocateSmall(bytes);
}

MemoryBlock AllocateZeroedMemory(std::size_t bytes) {
  MemoryBlock block = AllocateMemory(bytes);
  // What was mapped anew is zero.
  if (block.get_deleter().mapped_bytes == 0) std::memset(block.get(), 0, bytes);
  return block;
}

}  // namespace advnative
