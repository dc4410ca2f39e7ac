// Where the gradient of a batch can differ from zero: everywhere but in the table's rows of words that the
// batch lacks. With a large vocabulary those are most of the parameters, and what is known to be zero need
// not be read, summed or cleared.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace advnative {

// A table [rows][width] within a vector, and the rows that a batch reads.
struct TableRows {
  const std::vector<std::int32_t>& read;  // in any order, each as often as it comes
  std::size_t offset;                     // of the table
  std::size_t rows;
  std::size_t width;
};

class GradientSupport {
 public:
  // All of a vector of `size` elements.
  explicit GradientSupport(std::size_t size = 0) : ranges_{{0, size}} {}

  // Of a vector of `size` elements with this table.
  GradientSupport(const TableRows& table, std::size_t size) {
    Append(0, table.offset);
    AppendRead(table);
    Append(table.offset + table.rows * table.width, size);
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

  void AppendRead(const TableRows& table) {
    std::vector<bool> present(table.rows);
    for (const std::int32_t row : table.read) present[static_cast<std::size_t>(row)] = true;
    for (std::size_t row = 0; row < table.rows; ++row) {
      const std::size_t begin = table.offset + row * table.width;
      if (present[row]) Append(begin, begin + table.width);
    }
  }

  // Ranges come in rising order; those that touch become one, and empty ones none.
  void Append(std::size_t begin, std::size_t end) {
    if (begin == end) return;
    if (!ranges_.empty() && ranges_.back().end == begin) {
      ranges_.back().end = end;
    } else {
      ranges_.push_back({begin, end});
    }
  }

  std::vector<Range> ranges_;
};

}  // namespace advnative
