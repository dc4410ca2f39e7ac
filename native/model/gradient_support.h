// Where the gradient of a batch can differ from zero: everywhere but in the table's rows of words that the
// batch lacks. With a large vocabulary those are most of the parameters, and what is known to be zero need
// not be read, summed or cleared.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace advnative {

class GradientSupport {
 public:
  // All of a vector of `size` elements.
  explicit GradientSupport(std::size_t size = 0) : ranges_{{0, size}} {}

  // Of a vector of `size` elements that begins with a table [vocabulary][embedding], for a batch of these
  // words.
  GradientSupport(const std::vector<std::int32_t>& words, std::size_t vocabulary, std::size_t embedding,
                  std::size_t size) {
    std::vector<bool> present(vocabulary);
    for (const std::int32_t word : words) present[static_cast<std::size_t>(word)] = true;
    for (std::size_t word = 0; word < vocabulary; ++word) {
      if (present[word]) Append(word * embedding, (word + 1) * embedding);
    }
    Append(vocabulary * embedding, size);
  }

  // Cuts [begin, begin + count) into the parts inside and outside, in order: visit(begin, count, inside).
  template <typename Visit>
  void ForEachPart(std::size_t begin, std::size_t count, Visit visit) const {
    const std::size_t end = begin + count;
    auto range = std::upper_bound(ranges_.begin(), ranges_.end(), begin,
                                  [](std::size_t at, const Range& candidate) { return at < candidate.end; });
    while (begin < end) {
      const bool inside = range != ranges_.end() && range->begin <= begin;
      std::size_t part_end = end;
      if (range != ranges_.end()) part_end = std::min(end, inside ? range->end : range->begin);
      visit(begin, part_end - begin, inside);
      begin = part_end;
      if (inside) ++range;
    }
  }

 private:
  struct Range {
    std::size_t begin;
    std::size_t end;
  };

  // Ranges come in rising order; those that touch become one.
  void Append(std::size_t begin, std::size_t end) {
    if (!ranges_.empty() && ranges_.back().end == begin) {
      ranges_.back().end = end;
    } else {
      ranges_.push_back({begin, end});
    }
  }

  std::vector<Range> ranges_;
};

}  // namespace advnative
