// The standard deviation of all entries of the embedding table, the natural unit of ε.
#pragma once

#include <cstddef>
#include <vector>

#include "base/thread_pool.h"
#include "cpu/kernels/kernel_table.h"

namespace advnative {

// Kept as sums over chunks (see base/chunks.h), so that whoever writes a chunk of the table can measure it
// while it is in the cache, on any thread.
class TableDeviation {
 public:
  TableDeviation(const KernelTable& kernels, std::size_t size);

  // Measures elements [begin, begin + count), one chunk of a vector that begins with the table; what lies
  // behind the table doesn't count.
  void MeasureChunk(const Scalar* table, std::size_t begin, std::size_t count);
  void MeasuredAll() { measured_ = true; }

  // To be called whenever the table changes. Whether somebody asked for the value since it last did, and is
  // likely to ask again: then each chunk is best measured as it is written.
  bool TableChanges();

  // Of the table as it is; measures it where that has not been done.
  double Value(ThreadPool& pool, const Scalar* table);

 private:
  struct Sums {
    double values = 0.0;
    double squares = 0.0;
  };

  const KernelTable& kernels_;
  const std::size_t size_;
  std::vector<Sums> chunks_;
  bool measured_ = false;
  bool asked_ = false;
};

}  // namespace advnative
