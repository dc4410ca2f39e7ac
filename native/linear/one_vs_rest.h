// Linear classifiers of sparse features, each class against the rest.
#pragma once

#include <cstdint>
#include <vector>

#include "base/cancellation.h"
#include "base/thread_pool.h"
#include "linear/sparse_rows.h"

namespace advnative {

struct OneVsRestOptions {
  double cost;         // C > 0: weight of the losses against that of the weights
  int passes;          // most passes over the rows, at least 1
  double tolerance;    // of the projected gradient of every row, above 0, where a class is done
  std::uint64_t seed;  // of the order of the rows in each pass
};

// Minimises ½‖w‖² + C·Σ max(0, 1 − y·w·x)² for each class, whose rows have y = 1 and all others −1, by dual
// coordinate descent (Hsieh and others 2008, Algorithm 1). The bias is the weight of a feature that is 1 in
// every row. `labels` are below `classes`, at least 2. Returns the weights [features + 1][S], whose last row
// is the bias; S is the number of classes, or 1 where there are two: the weights of the second against the
// first. The same bits for any number of threads. Throws kCancelled.
std::vector<float> TrainOneVsRest(ThreadPool& pool, const SparseRows& rows,
                                  const std::vector<std::int32_t>& labels, int classes,
                                  const OneVsRestOptions& options, const Cancellation& cancellation);

}  // namespace advnative
