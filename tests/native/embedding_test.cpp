#include "cpu/layers/embedding.h"

#include <doctest/doctest.h>

#include "batch_maker.h"

namespace advnative {

namespace {

// Two texts (3 and 2 tokens), E = 2 in rows of 4.
struct EmbeddingCase {
  std::vector<std::int32_t> ids{4, 1, 4, 0, 3};
  std::vector<std::int32_t> offsets{0, 3, 5};
  std::vector<double> table{0, 1, 10, 11, 20, 21, 30, 31, 40, 41};
  std::vector<double> perturbation = std::vector<double>(5 * 4);
  std::vector<double> mask = std::vector<double>(5 * 4);
  std::vector<Slice> slices = CutIntoSlices(offsets);

  EmbeddingCase() {
    for (std::size_t token = 0; token < 5; ++token) {
      for (std::size_t j = 0; j < 2; ++j) {
        perturbation[token * 4 + j] = 0.1 * static_cast<double>(token + 1);
        mask[token * 4 + j] = token == 2 && j == 1 ? 0.0 : 2.0;
      }
    }
  }

  EmbeddedBatch Batch(bool with_both) const {
    const auto rows = [](const std::vector<double>& values) { return ConstMatrix{values.data(), 5, 2, 4}; };
    EmbeddedBatch batch{.ids = ids,
                        .offsets = offsets,
                        .table = DenseMatrix(table.data(), static_cast<int>(table.size()) / 2, 2),
                        .perturbation = std::nullopt,
                        .mask = std::nullopt};
    if (with_both) {
      batch.perturbation = rows(perturbation);
      batch.mask = rows(mask);
    }
    return batch;
  }
};

}  // namespace

TEST_CASE("tokens are gathered in the order of each direction") {
  const EmbeddingCase test;
  std::vector<double> x(5 * 4);
  // Time-major: first tokens of both texts, second tokens, the third of the longer text.
  GatherEmbedded(test.Batch(false), test.slices[0], Direction::kForward, {x.data(), 5, 2, 4}, Cancellation{});
  for (const auto& [row, value] : {std::pair{0, 40.0}, {1, 0.0}, {2, 10.0}, {3, 30.0}, {4, 40.0}}) {
    CHECK(x[static_cast<std::size_t>(row) * 4] == value);
    CHECK(x[static_cast<std::size_t>(row) * 4 + 1] == value + 1);
  }
  GatherEmbedded(test.Batch(false), test.slices[0], Direction::kReverse, {x.data(), 5, 2, 4}, Cancellation{});
  for (const auto& [row, value] : {std::pair{0, 40.0}, {1, 30.0}, {2, 10.0}, {3, 0.0}, {4, 40.0}}) {
    CHECK(x[static_cast<std::size_t>(row) * 4] == value);
  }
}

TEST_CASE("perturbation is added before the mask multiplies") {
  const EmbeddingCase test;
  std::vector<double> x(5 * 4);
  GatherEmbedded(test.Batch(true), test.slices[0], Direction::kForward, {x.data(), 5, 2, 4}, Cancellation{});
  CHECK(x[0] == (40.0 + 0.1) * 2.0);
  CHECK(x[4 * 4] == (40.0 + 0.1 * 3.0) * 2.0);
  CHECK(x[4 * 4 + 1] == 0.0);
}

TEST_CASE("the way back adds both directions, applies the mask and adds repeated tokens up") {
  const EmbeddingCase test;
  const std::vector<double> forward = testing::RandomNumbers(1, 5 * 4);
  const std::vector<double> reverse = testing::RandomNumbers(2, 5 * 4);
  std::vector<double> gradient(5 * 4);
  CollectEmbeddedGradient(test.Batch(true), test.slices[0], {forward.data(), 5, 2, 4},
                          {reverse.data(), 5, 2, 4}, {gradient.data(), 5, 2, 4}, Cancellation{});
  // Token 0 of text 0: row 0 forward, and row 4 (its last step) in reverse.
  CHECK(gradient[0] == (forward[0] + reverse[4 * 4]) * 2.0);
  // Token 2 of text 0, column 1, is masked.
  CHECK(gradient[2 * 4 + 1] == 0.0);
  std::vector<double> table(5 * 2, 0.5);
  ThreadPool pool(2);
  AddTableGradient(test.Batch(true), pool, {gradient.data(), 5, 2, 4}, {table.data(), 5, 2, 2},
                   Cancellation{});
  CHECK(table[4 * 2] == 0.5 + gradient[0] + gradient[2 * 4]);
  CHECK(table[2 * 2] == 0.5);
}

}  // namespace advnative
