// What the CPU's memory is used for: its buffers are listed once, and by that list room is made, counted
// and freed.
#include <algorithm>
#include <optional>
#include <span>
#include <string>

#include "base/process_memory.h"
#include "cpu/backend.h"

namespace advnative {

namespace {

constexpr BatchNeeds kEveryBuffer{.training = true, .masked = true, .perturbed = true};

PassKind KindOf(const BatchNeeds& needs) {
  return needs.training ? PassKind::kTraining : PassKind::kPrediction;
}

// Of parameters, gradient, two moments and, where one is kept, the average.
std::size_t FlatBytes(const ModelConfig& config, std::size_t parameters) {
  return (config.ema > 0.0 ? 5 : 4) * BytesOfBlock(parameters * sizeof(Scalar));
}

BufferCount CountLayerWeights(RecurrentStack& recurrent, std::optional<Attention>& attention, Mlp& mlp) {
  BufferCount count;
  recurrent.VisitWeights(count.Visit());
  if (attention) attention->VisitWeights(count.Visit());
  mlp.VisitWeights(count.Visit());
  count.Close();
  return count;
}

}  // namespace

std::size_t CpuBackend::ModelBytes(const ModelConfig& config, const Cpu& device) {
  const KernelTable& kernels = KernelsFor(device.instruction_set);
  const std::vector<TensorInfo> tensors = LayOutParameters(config);
  ThreadPool alone(1);
  RecurrentStack recurrent(kernels, alone, config.cell, {config.embedding, config.hidden}, config.layers);
  Mlp mlp(kernels, alone, {config.pooled(), config.mlp, config.classes});
  auto attention = Attention::For(config.pooling, kernels, alone, 2 * config.hidden);
  return FlatBytes(config, CountParameters(tensors)) + CountLayerWeights(recurrent, attention, mlp).needed();
}

BufferCount CpuBackend::CountWeights() { return CountLayerWeights(recurrent_, attention_, mlp_); }

// The batch's own buffers, but for those of the layers.
void CpuBackend::VisitBuffers(std::size_t tokens, std::size_t texts, const BatchNeeds& needs,
                              const BufferVisit& visit) {
  const auto batch = static_cast<std::ptrdiff_t>(texts);
  const auto embedded = static_cast<std::ptrdiff_t>(tokens);
  visit(states_, Size(batch, mlp_.state_stride()));
  if (NeedsTokens(config_.pooling)) visit(token_states_, Size(embedded, token_stride_));
  if (attention_) attention_->VisitBuffers(tokens, KindOf(needs), visit);
  mlp_.VisitBuffers(static_cast<int>(texts), KindOf(needs), visit);
  if (!needs.training) return;
  visit(logit_gradient_, Size(batch, mlp_.logit_stride()));
  visit(state_gradient_, Size(batch, mlp_.state_stride()));
  if (NeedsTokens(config_.pooling)) visit(token_gradient_, Size(embedded, token_stride_));
  visit(embedded_gradient_, Size(embedded, embedding_stride_));
  if (needs.masked) {
    visit(embedding_mask_, Size(embedded, embedding_stride_));
    visit(hidden_mask_, Size(batch, mlp_.hidden_stride()));
    for (AlignedBuffer<Scalar>& mask : layer_masks_) visit(mask, Size(embedded, token_stride_));
  }
  if (needs.perturbed) visit(perturbation_, Size(embedded, embedding_stride_));
}

BufferCount CpuBackend::CountBuffers(const std::vector<std::int32_t>& offsets, const BatchNeeds& needs) {
  const auto tokens = static_cast<std::size_t>(offsets.back());
  const PassShape clean{.tokens = tokens,
                        .vocabulary = config_.vocabulary,
                        .change = needs.masked ? InputChange::kMasked : InputChange::kNone,
                        .kind = KindOf(needs),
                        .wanted = needs.perturbed ? WantedGradients::kBoth : WantedGradients::kParameters};
  PassShape perturbed = clean;
  if (!needs.masked) perturbed.change = InputChange::kPerturbed;
  perturbed.wanted = WantedGradients::kParameters;
  const PassShape passes[]{clean, perturbed};
  BufferCount count;
  recurrent_.CountBuffers(offsets, std::span(passes, needs.perturbed ? 2 : 1), count);
  VisitBuffers(tokens, offsets.size() - 1, needs, count.Visit());
  count.Close();
  // The words of each slice in both orders; a step's copy of the batch, and where its gradient may lie.
  count.AddBytes(2 * tokens * sizeof(std::int32_t));
  if (needs.training) {
    const auto vocabulary = static_cast<std::size_t>(config_.vocabulary);
    count.AddBytes(tokens * sizeof(std::int32_t) + vocabulary / 8 +
                   std::min(tokens, vocabulary) * 2 * sizeof(std::size_t));
  }
  return count;
}

std::size_t CpuBackend::BytesFor(const std::vector<std::int32_t>& offsets, const BatchNeeds& needs) {
  return CountBuffers(offsets, needs).growth() + CountWeights().growth();
}

std::size_t CpuBackend::BatchBytes() {
  std::size_t bytes = recurrent_.HeldBytes();
  VisitBuffers(0, 0, kEveryBuffer, [&bytes](AlignedBuffer<Scalar>& buffer, std::size_t) {
    bytes += BytesOfBlock(buffer.capacity() * sizeof(Scalar));
  });
  return bytes;
}

std::size_t CpuBackend::HeldBytes() {
  const BufferCount weights = CountWeights();
  return FlatBytes(config_, parameters_.size()) + weights.needed() - weights.growth() + BatchBytes();
}

void CpuBackend::Reserve(const std::vector<std::int32_t>& offsets, const BatchNeeds& needs,
                         const std::string& call) {
  const BufferCount count = CountBuffers(offsets, needs);
  needed_bytes_ = 0;
  RequireMemory(count.growth() + CountWeights().growth(), call);
  needed_bytes_ = count.needed();
  VisitBuffers(static_cast<std::size_t>(offsets.back()), offsets.size() - 1, needs, &ReserveBuffer);
  recurrent_.Begin(offsets, KindOf(needs));
}

void CpuBackend::EndCall() {
  if (!recent_sizes_.Add(needed_bytes_, BatchBytes())) return;
  recurrent_.FreeBuffers();
  VisitBuffers(0, 0, kEveryBuffer, &FreeBuffer);
  losses_ = {};
  ReturnFreedMemory();
}

}  // namespace advnative
