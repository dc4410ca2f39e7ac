#include "model/loss.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace advnative {

namespace {

// exp(logit − largest) summed over a row of logits [C].
struct ShiftedSum {
  double largest;
  double sum = 0.0;

  ShiftedSum(const Scalar* row, int classes)
      : largest(static_cast<double>(*std::max_element(row, row + classes))) {
    for (int c = 0; c < classes; ++c) sum += Term(row[c]);
  }
  double Term(Scalar logit) const { return std::exp(static_cast<double>(logit) - largest); }
  double Loss(Scalar logit) const { return std::log(sum) + largest - static_cast<double>(logit); }
};

}  // namespace

void SoftmaxCrossEntropy(ConstMatrix logits, const std::int32_t* labels, double* losses,
                         const Cancellation& cancellation) {
  for (int b = 0; b < logits.rows; ++b) {
    cancellation.Check();
    const Scalar* row = logits.Row(b);
    losses[b] = ShiftedSum(row, logits.columns).Loss(row[labels[b]]);
  }
}

void SoftmaxCrossEntropy(ConstMatrix logits, const std::int32_t* labels, double* losses, Scalar scale,
                         Matrix gradient, const Cancellation& cancellation) {
  for (int b = 0; b < logits.rows; ++b) {
    cancellation.Check();
    const Scalar* row = logits.Row(b);
    const ShiftedSum shifted(row, logits.columns);
    losses[b] = shifted.Loss(row[labels[b]]);
    for (int c = 0; c < logits.columns; ++c) {
      const double probability = shifted.Term(row[c]) / shifted.sum;
      gradient.Row(b)[c] = scale * static_cast<Scalar>(probability - (c == labels[b] ? 1.0 : 0.0));
    }
  }
}

namespace {

// The error of a sigmoid against 0 or 1, without the digits that a difference from 1 would lose.
struct SigmoidError {
  double sigmoid;
  double rest;  // 1 − sigmoid
  double error;

  SigmoidError(Scalar logit, bool wanted)
      : sigmoid(1.0 / (1.0 + std::exp(-static_cast<double>(logit)))),
        rest(1.0 / (1.0 + std::exp(static_cast<double>(logit)))),
        error(wanted ? -rest : sigmoid) {
    // The sigmoid of infinity looks as if nothing were wrong.
    if (!std::isfinite(logit)) error = std::numeric_limits<double>::quiet_NaN();
  }
};

}  // namespace

void SigmoidSquaredError(ConstMatrix logits, const std::int32_t* labels, double* losses,
                         const Cancellation& cancellation) {
  for (int b = 0; b < logits.rows; ++b) {
    cancellation.Check();
    double sum = 0.0;
    for (int c = 0; c < logits.columns; ++c) {
      const double error = SigmoidError(logits.Row(b)[c], c == labels[b]).error;
      sum += error * error;
    }
    losses[b] = sum / logits.columns;
  }
}

void SigmoidSquaredError(ConstMatrix logits, const std::int32_t* labels, double* losses, Scalar scale,
                         Matrix gradient, const Cancellation& cancellation) {
  SigmoidSquaredError(logits, labels, losses, cancellation);
  for (int b = 0; b < logits.rows; ++b) {
    for (int c = 0; c < logits.columns; ++c) {
      const SigmoidError at(logits.Row(b)[c], c == labels[b]);
      gradient.Row(b)[c] =
          scale * static_cast<Scalar>(2.0 / logits.columns * at.error * at.sigmoid * at.rest);
    }
  }
}

void Losses(LossKind loss, ConstMatrix logits, const std::int32_t* labels, double* losses,
            const Cancellation& cancellation) {
  if (loss == LossKind::kSquared) return SigmoidSquaredError(logits, labels, losses, cancellation);
  SoftmaxCrossEntropy(logits, labels, losses, cancellation);
}

void Losses(LossKind loss, ConstMatrix logits, const std::int32_t* labels, double* losses, Scalar scale,
            Matrix gradient, const Cancellation& cancellation) {
  if (loss == LossKind::kSquared) {
    return SigmoidSquaredError(logits, labels, losses, scale, gradient, cancellation);
  }
  SoftmaxCrossEntropy(logits, labels, losses, scale, gradient, cancellation);
}

std::int32_t LargestLogit(const Scalar* logits, int classes) {
  return static_cast<std::int32_t>(std::max_element(logits, logits + classes) - logits);
}

}  // namespace advnative
