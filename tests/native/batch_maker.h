// Small models, random batches and comparisons that several tests share.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "base/instruction_set.h"
#include "base/philox.h"
#include "cpu/kernels/kernel_table.h"
#include "model/classifier.h"

namespace advnative::testing {

// Uniform numbers in (−1, 1), a pure function of `seed`.
std::vector<Scalar> RandomNumbers(std::uint64_t seed, std::size_t size);

// The kernels of the instruction set under test.
const KernelTable& Kernels();

// The processor with that instruction set.
Cpu OnCpu(int threads = 2);

// A model on it, with more to see than CreateModel shows.
Classifier MakeClassifier(const ModelConfig& config);

ModelConfig SmallConfig(CellType cell = CellType::kGru);

// Texts of the given lengths with random ids and labels; of a model with buckets also as many words as its
// vocabulary has, some of one id, each with up to four n-grams.
Batch RandomBatch(std::uint64_t seed, const ModelConfig& config, const std::vector<int>& lengths);

StepOptions VanillaOptions();
StepOptions AdversarialStepOptions(double epsilon, double alpha = 0.5,
                                   EpsilonUnit unit = EpsilonUnit::kAbsolute);
StepOptions RandomStepOptions(double epsilon, double alpha = 0.5, EpsilonUnit unit = EpsilonUnit::kAbsolute);

// The error that a call must end in.
template <typename Call>
Error ErrorOf(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  FAIL_CHECK("expected an error");
  return {ErrorCode::kUnsupported, "none"};
}

// |a − b| / max(|a|, |b|, floor): NaN gives NaN, which no comparison accepts.
double RelativeError(double a, double b, double floor);

}  // namespace advnative::testing
