#include "model/loss.h"

#include <algorithm>
#include <cmath>

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

std::int32_t LargestLogit(const Scalar* logits, int classes) {
  return static_cast<std::int32_t>(std::max_element(logits, logits + classes) - logits);
}

}  // namespace advnative
