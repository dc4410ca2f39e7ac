// Softmax cross-entropy.
#pragma once

#include <cstdint>

#include "base/cancellation.h"
#include "base/matrix_view.h"
#include "base/scalar.h"

namespace advnative {

// losses[b] = log Σ_c exp(logits[b][c]) − logits[b][labels[b]], by the shifted log-sum-exp, in double, of
// logits [B][C], labels [B] and losses [B]. Throws kCancelled.
void SoftmaxCrossEntropy(ConstMatrix logits, const std::int32_t* labels, double* losses,
                         const Cancellation& cancellation);
// The same, and the gradient of scale·Σ_b losses[b]: gradient[b][c] = scale·(softmax(logits[b])[c] − [c =
// labels[b]]) [B][C].
void SoftmaxCrossEntropy(ConstMatrix logits, const std::int32_t* labels, double* losses, Scalar scale,
                         Matrix gradient, const Cancellation& cancellation);

// The class with the largest of logits [C], the first of equals.
std::int32_t LargestLogit(const Scalar* logits, int classes);

}  // namespace advnative
