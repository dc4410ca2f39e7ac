// Softmax cross-entropy.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/cancellation.h"
#include "base/scalar.h"

namespace advnative {

// loss[b] = log Σ_c exp(logits[b][c]) − logits[b][labels[b]], by the shifted log-sum-exp, in double.
// With `gradient` non-null: gradient[b][c] = scale·(softmax(logits[b])[c] − [c = labels[b]]). logits and
// gradient are [batch][stride]; columns from `classes` on are left alone. Throws kCancelled.
void SoftmaxCrossEntropy(int batch, int classes, std::ptrdiff_t stride, const Scalar* logits,
                         const std::int32_t* labels, Scalar scale, double* loss, Scalar* gradient,
                         const Cancellation& cancellation);

// The class with the largest logit, the first of equals.
std::int32_t LargestLogit(const Scalar* logits, int classes);

}  // namespace advnative
