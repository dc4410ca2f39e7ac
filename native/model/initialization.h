// The weights before the first step.
#pragma once

#include <cstdint>
#include <vector>

#include "base/cancellation.h"
#include "base/thread_pool.h"
#include "model/initial_value_kernels.h"
#include "model/model.h"

namespace advnative {

// Embeddings of words and n-grams uniform in (−range, range); input, MLP and attention weights Glorot uniform
// (Glorot and Bengio 2010, Eq. 16), per gate; recurrent weights of each gate a random orthogonal matrix (Saxe
// et al. 2014); biases zero but those of the LSTM's forget gate, which are one, so that it starts by
// remembering (Jozefowicz et al. 2015). A pure function of config.seed: the same bits for every instruction
// set and any number of threads. Throws kCancelled, soon after the request, and std::bad_alloc.
void InitializeParameters(const ModelConfig& config, const std::vector<TensorInfo>& tensors,
                          const InitialValueKernels& kernels, ThreadPool& pool, Scalar* parameters,
                          const Cancellation& cancellation);

}  // namespace advnative
