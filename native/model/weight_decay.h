// Which parameters decay.
#pragma once

#include <algorithm>

#include "model/model.h"

namespace advnative {

// Matrices do, biases do not: a bias multiplies no input and fits no noise. The embedding table is one of the
// matrices, with the rows of words that a batch lacks: θ of Loshchilov and Hutter's Algorithm 2 is the whole
// vector, PyTorch's AdamW decays all of it too, and Adam's moments move those rows in any case. Vectors of
// n-grams decay in the steps that touch them, as they move in these alone.
inline bool Decays(const TensorInfo& tensor) { return tensor.shape.size() > 1; }

// Cuts [begin, begin + count) of the parameters at the borders of tensors: visit(begin, count, decays), in
// order.
template <typename Visit>
void ForEachDecayPart(const std::vector<TensorInfo>& tensors, std::size_t begin, std::size_t count,
                      Visit visit) {
  for (const TensorInfo& tensor : tensors) {
    const std::size_t first = std::max(begin, tensor.offset);
    const std::size_t end = std::min(begin + count, tensor.offset + tensor.size);
    if (first < end) visit(first, end - first, Decays(tensor));
  }
}

}  // namespace advnative
