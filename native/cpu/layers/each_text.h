// The tokens of a batch, text by text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/cancellation.h"
#include "base/scalar.h"
#include "base/thread_pool.h"

namespace advnative {

// One text and the rows of its tokens.
struct Text {
  std::ptrdiff_t row;
  int begin;
  int end;

  Scalar length() const { return static_cast<Scalar>(end - begin); }
};

// Calls visit(text) for every text of a batch with these offsets, each a task of its own. Throws kCancelled.
template <typename Visit>
void ForEachText(ThreadPool& pool, const std::vector<std::int32_t>& offsets, const Cancellation& cancellation,
                 Visit visit) {
  pool.Run(static_cast<int>(offsets.size()) - 1, [&](int row) {
    cancellation.Check();
    const auto place = static_cast<std::size_t>(row);
    visit(Text{row, offsets[place], offsets[place + 1]});
  });
}

}  // namespace advnative
