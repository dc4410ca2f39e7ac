// The losses of a text's logits.
#pragma once

#include <array>
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

// losses[b] = Σ_c (σ(logits[b][c]) − [c = labels[b]])² / C, in double: the squared error of a sigmoid for
// each class, mean over classes (Bělohlávek et al. 2018, section 5.4). A logit that is not finite makes it
// NaN.
void SigmoidSquaredError(ConstMatrix logits, const std::int32_t* labels, double* losses,
                         const Cancellation& cancellation);
// The same, and the gradient of scale·Σ_b losses[b]: gradient[b][c] = scale·2/C·(σ − [c = labels[b]])·σ·(1 −
// σ) of σ = σ(logits[b][c]) [B][C].
void SigmoidSquaredError(ConstMatrix logits, const std::int32_t* labels, double* losses, Scalar scale,
                         Matrix gradient, const Cancellation& cancellation);

enum class LossKind { kCrossEntropy, kSquared };

inline constexpr std::array kEveryLoss{LossKind::kCrossEntropy, LossKind::kSquared};

inline const char* LossName(LossKind loss) {
  return loss == LossKind::kCrossEntropy ? "cross-entropy" : "squared";
}

// One of the above.
void Losses(LossKind loss, ConstMatrix logits, const std::int32_t* labels, double* losses,
            const Cancellation& cancellation);
void Losses(LossKind loss, ConstMatrix logits, const std::int32_t* labels, double* losses, Scalar scale,
            Matrix gradient, const Cancellation& cancellation);

// The class with the largest of logits [C], the first of equals.
std::int32_t LargestLogit(const Scalar* logits, int classes);

}  // namespace advnative
