// What the CPU's memory is used for: its buffers are listed once, and by that list room is made, counted
// and freed.
#include <algorithm>
#include <optional>
#include <string>

#include "base/process_memory.h"
#include "cpu/backend.h"

namespace advnative {

namespace {

constexpr BatchNeeds kEveryBuffer{.training = true, .masked = true, .perturbed = true};

PassKind KindOf(const BatchNeeds& needs) {
  return needs.training ? PassKind::kTraining : PassKind::kPrediction;
}

// Of parameters, gradient, two moments and, where one is kept, the average; and of the list of n-grams.
std::size_t FlatBytes(const ModelConfig& config, std::size_t parameters) {
  return (config.ema > 0.0 ? 5 : 4) * BytesOfBlock(parameters * sizeof(Scalar)) +
         TouchedRows::Bytes(static_cast<std::size_t>(config.buckets));
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
void CpuBackend::VisitBuffers(const BatchSize& size, const BatchNeeds& needs, const BufferVisit& visit) {
  const auto batch = static_cast<std::ptrdiff_t>(size.texts);
  const auto embedded = static_cast<std::ptrdiff_t>(size.tokens);
  const auto words = static_cast<std::ptrdiff_t>(size.words);
  if (HasSubwords()) visit(word_vectors_, Size(words, config_.embedding));
  visit(states_, Size(batch, mlp_.state_stride()));
  if (NeedsTokens(config_.pooling)) visit(token_states_, Size(embedded, token_stride_));
  if (attention_) attention_->VisitBuffers(size.tokens, KindOf(needs), visit);
  mlp_.VisitBuffers(static_cast<int>(size.texts), KindOf(needs), visit);
  if (!needs.training) return;
  if (HasSubwords()) visit(word_vector_gradient_, Size(words, config_.embedding));
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

BufferCount CpuBackend::CountBuffers(const std::vector<std::int32_t>& offsets, const std::vector<int>& rows,
                                     const BatchNeeds& needs) {
  const auto tokens = static_cast<std::size_t>(offsets.back());
  std::vector<PassShape> passes;
  for (const int vocabulary : rows) {
    passes.push_back({.tokens = tokens,
                      .vocabulary = vocabulary,
                      .change = needs.masked ? InputChange::kMasked : InputChange::kNone,
                      .kind = KindOf(needs),
                      .wanted = needs.wanted});
    if (!needs.perturbed) continue;
    PassShape perturbed = passes.back();
    if (!needs.masked) perturbed.change = InputChange::kPerturbed;
    perturbed.wanted = WantedGradients::kParameters;
    passes.push_back(perturbed);
  }
  BufferCount count;
  recurrent_.CountBuffers(offsets, passes, count);
  VisitBuffers({tokens, offsets.size() - 1, static_cast<std::size_t>(rows.back())}, needs, count.Visit());
  count.Close();
  // The words of each slice in both orders; a step's copy of the batch, and where its gradient may lie.
  count.AddBytes(2 * tokens * sizeof(std::int32_t));
  if (needs.training) {
    const auto vocabulary = static_cast<std::size_t>(config_.vocabulary);
    count.AddBytes(tokens * sizeof(std::int32_t) + vocabulary / 8 +
                   std::min(tokens, vocabulary) * 2 * sizeof(std::size_t) +
                   static_cast<std::size_t>(config_.buckets) * sizeof(std::int32_t));
  }
  return count;
}

std::size_t CpuBackend::BytesFor(const std::vector<std::int32_t>& offsets, const BatchNeeds& needs) {
  std::vector<int> rows{config_.vocabulary};
  if (HasSubwords()) {
    // Which words a batch has is not known yet: all different, or as few as work is done by word for.
    const auto tokens = static_cast<std::size_t>(offsets.back());
    const auto slices = static_cast<std::size_t>(SliceCount(static_cast<int>(offsets.size()) - 1));
    rows = {BidirectionalLayer::MostFrequentWords(tokens, slices), offsets.back()};
  }
  return CountBuffers(offsets, rows, needs).growth() + CountWeights().growth();
}

std::size_t CpuBackend::BatchBytes() {
  std::size_t bytes = recurrent_.HeldBytes();
  VisitBuffers({}, kEveryBuffer, [&bytes](AlignedBuffer<Scalar>& buffer, std::size_t) {
    bytes += BytesOfBlock(buffer.capacity() * sizeof(Scalar));
  });
  return bytes;
}

std::size_t CpuBackend::HeldBytes() {
  const BufferCount weights = CountWeights();
  return FlatBytes(config_, parameters_.size()) + weights.needed() - weights.growth() + BatchBytes();
}

void CpuBackend::Reserve(const Batch& batch, const BatchNeeds& needs, const std::string& call) {
  const std::vector<std::int32_t>& offsets = batch.offsets;
  const BatchWords& words = batch.words;
  const int rows = HasSubwords() ? static_cast<int>(words.size()) : config_.vocabulary;
  BufferCount count = CountBuffers(offsets, {rows}, needs);
  // A step's copy of the words.
  if (needs.training) {
    count.AddBytes((words.ids.size() + words.offsets.size() + words.buckets.size()) * sizeof(std::int32_t));
  }
  needed_bytes_ = 0;
  RequireMemory(count.growth() + CountWeights().growth(), call);
  needed_bytes_ = count.needed();
  VisitBuffers({static_cast<std::size_t>(offsets.back()), batch.size(), words.size()}, needs, &ReserveBuffer);
  recurrent_.Begin(offsets, KindOf(needs));
}

void CpuBackend::EndCall() {
  if (!recent_sizes_.Add(needed_bytes_, BatchBytes())) return;
  recurrent_.FreeBuffers();
  VisitBuffers({}, kEveryBuffer, &FreeBuffer);
  losses_ = {};
  touched_.Free();
  ReturnFreedMemory();
}

}  // namespace advnative
