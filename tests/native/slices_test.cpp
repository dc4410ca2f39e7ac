#include "model/slices.h"

#include <doctest/doctest.h>

#include <numeric>

namespace advnative {

namespace {

std::vector<std::int32_t> Offsets(const std::vector<int>& lengths) {
  std::vector<std::int32_t> offsets{0};
  for (const int length : lengths) offsets.push_back(offsets.back() + length);
  return offsets;
}

}  // namespace

TEST_CASE("a slice holds its texts by falling length and its tokens without padding") {
  const std::vector<Slice> slices = CutIntoSlices(Offsets({2, 5, 1, 5}));
  REQUIRE(slices.size() == 1);
  CHECK(slices[0].texts == std::vector<std::int32_t>{1, 3, 0, 2});
  CHECK(slices[0].lengths == std::vector<std::int32_t>{5, 5, 2, 1});
  CHECK(slices[0].step_begin == std::vector<std::int32_t>{0, 4, 7, 9, 11, 13});
  CHECK(slices[0].tokens() == 13);
  CHECK(slices[0].active(1) == 3);
}

TEST_CASE("a batch makes four slices where each has 8 to 32 texts") {
  for (const auto& [texts, slices] : std::vector<std::pair<int, int>>{
           {1, 1}, {8, 1}, {9, 2}, {16, 2}, {24, 3}, {25, 4}, {32, 4}, {128, 4}, {129, 5}, {256, 8}}) {
    CAPTURE(texts);
    CHECK(SliceCount(texts) == slices);
  }
}

TEST_CASE("slices share the texts evenly, the longest first, and lose none") {
  for (const int texts : {9, 33, 91, 150}) {
    CAPTURE(texts);
    std::vector<int> lengths;
    for (int i = 0; i < texts; ++i) lengths.push_back(1 + (i * 37) % 50);
    const std::vector<Slice> slices = CutIntoSlices(Offsets(lengths));
    REQUIRE(static_cast<int>(slices.size()) == SliceCount(texts));
    const int least = texts / static_cast<int>(slices.size());
    std::vector<int> seen(lengths.size(), 0);
    int tokens = 0;
    std::int32_t shortest = 50;
    for (const Slice& slice : slices) {
      CHECK(slice.rows() >= least);
      CHECK(slice.rows() <= least + 1);
      CHECK(slice.lengths.front() <= shortest);
      shortest = slice.lengths.back();
      for (const std::int32_t text : slice.texts) ++seen[static_cast<std::size_t>(text)];
      tokens += slice.tokens();
    }
    for (const int count : seen) CHECK(count == 1);
    CHECK(tokens == std::accumulate(lengths.begin(), lengths.end(), 0));
  }
}

TEST_CASE("the reverse direction begins at a text's own last token") {
  CHECK(TokenPosition(Direction::kForward, 4, 1) == 1);
  CHECK(TokenPosition(Direction::kReverse, 4, 0) == 3);
  CHECK(TokenPosition(Direction::kReverse, 4, 3) == 0);
}

}  // namespace advnative
