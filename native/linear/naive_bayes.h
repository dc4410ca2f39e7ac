// Naive Bayes of sparse features.
#pragma once

#include <cstdint>
#include <vector>

#include "base/cancellation.h"
#include "base/thread_pool.h"
#include "linear/sparse_rows.h"

namespace advnative {

// Multinomial naive Bayes of which features rows have, whatever their values (McCallum and Nigam 1998,
// equation 6, with counts of 0 and 1). Of the rows of class c, n(f, c) have feature f; all features together
// are had N(c) times. With s > 0 for `smoothing`, l(f, c) = ln((n(f, c) + s) / (N(c) + s·F)). Returns the
// weights [features + 1][S], whose last row is the bias, 0: l(f, c) less its mean over the classes; S is the
// number of classes, at least 2, or 1 where there are two: l(f, 1) − l(f, 0). `labels` are below `classes`.
// The same bits for any number of threads. Throws kCancelled.
std::vector<float> TrainNaiveBayes(ThreadPool& pool, const SparseRows& rows,
                                   const std::vector<std::int32_t>& labels, int classes, double smoothing,
                                   const Cancellation& cancellation);

}  // namespace advnative
