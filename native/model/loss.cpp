#include "model/loss.h"

#include <algorithm>
#include <cmath>

namespace advnative {

void SoftmaxCrossEntropy(int batch, int classes, std::ptrdiff_t stride, const Scalar* logits,
                         const std::int32_t* labels, Scalar scale, double* loss, Scalar* gradient,
                         const Cancellation& cancellation) {
  for (int b = 0; b < batch; ++b) {
    cancellation.Check();
    const Scalar* row = logits + b * stride;
    const double largest = static_cast<double>(*std::max_element(row, row + classes));
    double sum = 0.0;
    for (int c = 0; c < classes; ++c) sum += std::exp(static_cast<double>(row[c]) - largest);
    const std::int32_t label = labels[b];
    loss[b] = std::log(sum) + largest - static_cast<double>(row[label]);
    if (gradient == nullptr) continue;
    for (int c = 0; c < classes; ++c) {
      const double probability = std::exp(static_cast<double>(row[c]) - largest) / sum;
      gradient[b * stride + c] = scale * static_cast<Scalar>(probability - (c == label ? 1.0 : 0.0));
    }
  }
}

std::int32_t LargestLogit(const Scalar* logits, int classes) {
  return static_cast<std::int32_t>(std::max_element(logits, logits + classes) - logits);
}

}  // namespace advnative
