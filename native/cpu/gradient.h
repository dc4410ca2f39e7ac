// The gradient of a step in the layout of the parameters, and where it can differ from zero: in its dense
// part within a support, in the table of n-grams behind it in the rows that the batch touches.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/cancellation.h"
#include "base/chunks.h"
#include "base/scale.h"
#include "model/gradient_support.h"
#include "model/parameters.h"

namespace advnative {

class Gradient {
 public:
  explicit Gradient(const std::vector<TensorInfo>& tensors)
      : values_(CountParameters(tensors)),
        dense_(CountDense(tensors)),
        views_(ViewParameters(tensors, values_.data())) {}

  // Zero everywhere, and about to be added to within `support` of its dense part. Throws kCancelled.
  void Begin(ThreadPool& pool, GradientSupport support, const Cancellation& cancellation) {
    support_ = std::move(support);
    if (!clear_) {
      ForEachChunk(pool, values_.size(), [&](std::size_t begin, std::size_t count) {
        cancellation.Check();
        std::fill_n(values_.data() + begin, count, Scalar(0));
      });
    }
    clear_ = false;
  }

  // Of the dense part; the table of n-grams gets its gradient from FinishGradient on.
  void Scale(ThreadPool& pool, Scalar factor, const Cancellation& cancellation) {
    ForEachChunk(pool, dense_, [&](std::size_t begin, std::size_t count) {
      cancellation.Check();
      ForEachPartInside(begin, count, [this, factor](std::size_t at, std::size_t size) {
        ScaleNumbers(factor, values_.data() + at, size);
      });
    });
  }

  // Clears one chunk of the dense part, or a row; when all that is not zero is cleared, ClearedAll saves the
  // next step from doing it.
  void ClearChunk(std::size_t begin, std::size_t count) {
    ForEachPartInside(begin, count, [this](std::size_t at, std::size_t size) {
      std::fill_n(values_.data() + at, size, Scalar(0));
    });
  }
  void ClearRow(std::size_t begin, std::size_t count) {
    std::fill_n(values_.data() + begin, count, Scalar(0));
  }
  void ClearedAll() { clear_ = true; }

  const AlignedBuffer<Scalar>& values() const { return values_; }
  const ParameterViews& views() const { return views_; }
  const GradientSupport& support() const { return support_; }

 private:
  template <typename Visit>
  void ForEachPartInside(std::size_t begin, std::size_t count, Visit visit) const {
    support_.ForEachPart(begin, count, [&visit](std::size_t at, std::size_t size, bool inside) {
      if (inside) visit(at, size);
    });
  }

  AlignedBuffer<Scalar> values_;
  const std::size_t dense_;
  const ParameterViews views_;
  GradientSupport support_;
  bool clear_ = true;  // as new memory is
};

}  // namespace advnative
