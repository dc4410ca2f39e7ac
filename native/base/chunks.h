// Long vectors cut into chunks that threads share. The cut depends on the length alone, so sums over chunks
// have one order for any number of threads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/thread_pool.h"

namespace advnative {

inline constexpr std::size_t kChunk = std::size_t{1} << 15;

// visit(begin, count) for every chunk of [0, size), each on some thread.
template <typename Visit>
void ForEachChunk(ThreadPool& pool, std::size_t size, Visit visit) {
  pool.Run(static_cast<int>((size + kChunk - 1) / kChunk), [&](int chunk) {
    const std::size_t begin = static_cast<std::size_t>(chunk) * kChunk;
    visit(begin, std::min(kChunk, size - begin));
  });
}

// The sum of term(begin, count) over the chunks, in their order.
template <typename Term>
double SumOverChunks(ThreadPool& pool, std::size_t size, Term term) {
  std::vector<double> terms((size + kChunk - 1) / kChunk);
  ForEachChunk(pool, size,
               [&](std::size_t begin, std::size_t count) { terms[begin / kChunk] = term(begin, count); });
  double sum = 0.0;
  for (const double chunk : terms) sum += chunk;
  return sum;
}

}  // namespace advnative
