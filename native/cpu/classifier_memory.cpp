// What a classifier's memory is used for: its buffers are listed once, and by that list room is made, counted
// and freed.
#include <algorithm>
#include <span>
#include <string>

#include "base/process_memory.h"
#include "cpu/classifier.h"

namespace advnative {

namespace {

// Options of a step that uses every buffer there is.
const StepOptions kEveryBuffer{.learning_rate = 1.0,
                               .dropout_keep = 0.5,
                               .unknown_rate = 0.0,
                               .clip_norm = 0.0,
                               .weight_decay = 0.0,
                               .adversarial = AdversarialOptions{}};

// Of parameters, gradient and two moments.
std::size_t FlatBytes(std::size_t parameters) { return 4 * BytesOfBlock(parameters * sizeof(Scalar)); }

BufferCount CountLayerWeights(BidirectionalLayer& recurrent, Mlp& mlp) {
  BufferCount count;
  recurrent.VisitWeights(count.Visit());
  mlp.VisitWeights(count.Visit());
  count.Close();
  return count;
}

}  // namespace

std::size_t Classifier::ModelBytes(const ModelConfig& config, const Cpu& device) {
  const KernelTable& kernels = KernelsFor(device.instruction_set);
  const std::vector<TensorInfo> tensors = LayOutParameters(config);
  ThreadPool alone(1);
  BidirectionalLayer recurrent(kernels, alone, config.cell, {config.embedding, config.hidden});
  Mlp mlp(kernels, alone, {2 * config.hidden, config.mlp, config.classes});
  return FlatBytes(CountParameters(tensors)) + CountLayerWeights(recurrent, mlp).needed();
}

BufferCount Classifier::CountWeights() { return CountLayerWeights(recurrent_, mlp_); }

// The batch's own buffers, but for those of the layers: `options` of a training step, or null.
void Classifier::VisitBuffers(std::size_t tokens, std::size_t texts, const StepOptions* options,
                              const BufferVisit& visit) {
  const auto batch = static_cast<std::ptrdiff_t>(texts);
  const auto embedded = static_cast<std::ptrdiff_t>(tokens);
  visit(states_, Size(batch, mlp_.state_stride()));
  mlp_.VisitBuffers(static_cast<int>(texts), options != nullptr, visit);
  if (options == nullptr) return;
  visit(logit_gradient_, Size(batch, mlp_.logit_stride()));
  visit(state_gradient_, Size(batch, mlp_.state_stride()));
  visit(embedded_gradient_, Size(embedded, embedding_stride_));
  if (options->dropout_keep < 1.0) {
    visit(embedding_mask_, Size(embedded, embedding_stride_));
    visit(hidden_mask_, Size(batch, mlp_.hidden_stride()));
  }
  if (options->adversarial) visit(perturbation_, Size(embedded, embedding_stride_));
}

BufferCount Classifier::CountBuffers(const std::vector<std::int32_t>& offsets, const StepOptions* options) {
  const auto tokens = static_cast<std::size_t>(offsets.back());
  const bool masked = options != nullptr && options->dropout_keep < 1.0;
  const bool adversarial = options != nullptr && options->adversarial;
  PassShape clean{.tokens = tokens,
                  .vocabulary = config_.vocabulary,
                  .plain_inputs = !masked,
                  .masked = masked,
                  .backward = options != nullptr,
                  .token_gradients = adversarial};
  PassShape perturbed = clean;
  perturbed.plain_inputs = false;
  perturbed.token_gradients = false;
  const PassShape passes[]{clean, perturbed};
  BufferCount count;
  recurrent_.CountBuffers(offsets, std::span(passes, adversarial ? 2 : 1), count);
  VisitBuffers(tokens, offsets.size() - 1, options, count.Visit());
  count.Close();
  // The words of each slice in both orders; a step's copy of the batch, and where its gradient may lie.
  count.AddBytes(2 * tokens * sizeof(std::int32_t));
  if (options != nullptr) {
    const auto vocabulary = static_cast<std::size_t>(config_.vocabulary);
    count.AddBytes(tokens * sizeof(std::int32_t) + vocabulary / 8 +
                   std::min(tokens, vocabulary) * 2 * sizeof(std::size_t));
  }
  return count;
}

std::size_t Classifier::BytesFor(const std::vector<std::int32_t>& offsets, const StepOptions* options) {
  return CountBuffers(offsets, options).growth() + CountWeights().growth();
}

std::size_t Classifier::BatchBytes() {
  std::size_t bytes = recurrent_.HeldBytes();
  VisitBuffers(0, 0, &kEveryBuffer, [&bytes](AlignedBuffer<Scalar>& buffer, std::size_t) {
    bytes += BytesOfBlock(buffer.capacity() * sizeof(Scalar));
  });
  return bytes;
}

std::size_t Classifier::HeldBytes() {
  const BufferCount weights = CountWeights();
  return FlatBytes(parameters_.size()) + weights.needed() - weights.growth() + BatchBytes();
}

// Refuses a batch that the process may not have room for, and makes the room.
void Classifier::BeginCall(const std::vector<std::int32_t>& offsets, const StepOptions* options) {
  const BufferCount count = CountBuffers(offsets, options);
  const std::string call = options == nullptr ? "evaluating" : "a training step on";
  needed_bytes_ = 0;
  RequireMemory(count.growth() + CountWeights().growth(),
                call + " a batch of " + std::to_string(offsets.size() - 1) + " texts and " +
                    std::to_string(offsets.back()) + " tokens");
  needed_bytes_ = count.needed();
  VisitBuffers(static_cast<std::size_t>(offsets.back()), offsets.size() - 1, options, &ReserveBuffer);
  recurrent_.Begin(offsets);
}

// Gives back what a batch took that was much larger than those of late.
void Classifier::EndCall() {
  if (!recent_sizes_.Add(needed_bytes_, BatchBytes())) return;
  recurrent_.FreeBuffers();
  VisitBuffers(0, 0, &kEveryBuffer, &FreeBuffer);
  batch_ = {};
  losses_ = {};
  ReturnFreedMemory();
}

}  // namespace advnative
