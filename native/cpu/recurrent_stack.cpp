#include "cpu/recurrent_stack.h"

#include <numeric>

#include "cpu/layers/packing.h"

namespace advnative {

RecurrentStack::RecurrentStack(const KernelTable& kernels, ThreadPool& pool, CellType cell,
                               RecurrentShape shape, int layers)
    : width_(2 * shape.hidden),
      stride_(PaddedWidth(kernels, width_)),
      between_(static_cast<std::size_t>(layers) - 1) {
  for (int layer = 0; layer < layers; ++layer) {
    layers_.push_back(std::make_unique<BidirectionalLayer>(kernels, pool, cell, shape));
    shape.embedding = width_;
  }
}

void RecurrentStack::VisitWeights(const BufferVisit& visit) {
  for (const auto& layer : layers_) layer->VisitWeights(visit);
}

void RecurrentStack::VisitBetween(std::size_t tokens, PassKind kind, const BufferVisit& visit) {
  for (Between& between : between_) {
    visit(between.states, Size(static_cast<std::ptrdiff_t>(tokens), stride_));
    if (kind == PassKind::kTraining) {
      visit(between.gradient, Size(static_cast<std::ptrdiff_t>(tokens), stride_));
    }
  }
}

void RecurrentStack::CountBuffers(const std::vector<std::int32_t>& offsets, std::span<const PassShape> passes,
                                  BufferCount& count) {
  layers_.front()->CountBuffers(offsets, passes, count);
  if (between_.empty()) return;
  std::vector<PassShape> above(passes.begin(), passes.end());
  for (PassShape& pass : above) {
    pass.vocabulary = static_cast<int>(pass.tokens);
    if (pass.change == InputChange::kPerturbed) pass.change = InputChange::kNone;
    if (pass.wanted == WantedGradients::kParameters) pass.wanted = WantedGradients::kBoth;
  }
  for (std::size_t layer = 1; layer < layers_.size(); ++layer) {
    layers_[layer]->CountBuffers(offsets, above, count);
  }
  VisitBetween(passes.front().tokens, passes.front().kind, count.Visit());
  count.Close();
  count.AddBytes(passes.front().tokens * sizeof(std::int32_t));
}

std::size_t RecurrentStack::HeldBytes() {
  std::size_t bytes = 0;
  for (const auto& layer : layers_) bytes += layer->HeldBytes();
  VisitBetween(0, PassKind::kTraining, [&bytes](AlignedBuffer<Scalar>& buffer, std::size_t) {
    bytes += BytesOfBlock(buffer.capacity() * sizeof(Scalar));
  });
  return bytes;
}

void RecurrentStack::FreeBuffers() {
  for (const auto& layer : layers_) layer->FreeBuffers();
  VisitBetween(0, PassKind::kTraining, &FreeBuffer);
  places_ = {};
}

void RecurrentStack::Pack(const std::vector<DirectionTensors>& layers, const Cancellation& cancellation) {
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    layers_[layer]->Pack(layers[layer].directions, cancellation);
  }
}

void RecurrentStack::TableChanges() { layers_.front()->TableChanges(); }

void RecurrentStack::Begin(const std::vector<std::int32_t>& offsets, PassKind kind) {
  for (const auto& layer : layers_) layer->Begin(offsets);
  if (between_.empty()) return;
  VisitBetween(static_cast<std::size_t>(offsets.back()), kind, &ReserveBuffer);
  places_.resize(static_cast<std::size_t>(offsets.back()));
  std::iota(places_.begin(), places_.end(), 0);
}

void RecurrentStack::ClearGradients() {
  for (const auto& layer : layers_) layer->ClearGradients();
}

void RecurrentStack::ScaleGradients(Scalar factor) {
  for (const auto& layer : layers_) layer->ScaleGradients(factor);
}

PartTimes RecurrentStack::Times() const {
  PartTimes sum;
  for (const auto& layer : layers_) sum += layer->Times();
  return sum;
}

void RecurrentStack::ResetTimes() {
  for (const auto& layer : layers_) layer->ResetTimes();
}

void RecurrentStack::AddGradients(const std::vector<DirectionTensors>& gradients,
                                  const Cancellation& cancellation) {
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    layers_[layer]->AddGradients(gradients[layer].directions, cancellation);
  }
}

Matrix RecurrentStack::OfTokens(AlignedBuffer<Scalar>& buffer) const {
  return {buffer.data(), static_cast<int>(places_.size()), width_, stride_};
}

EmbeddedBatch RecurrentStack::InputsOf(std::size_t layer, const EmbeddedBatch& batch,
                                       std::span<const ConstMatrix> masks) {
  if (layer == 0) return batch;
  EmbeddedBatch inputs{.ids = places_,
                       .offsets = batch.offsets,
                       .table = OfTokens(between_[layer - 1].states),
                       .perturbation = std::nullopt,
                       .mask = std::nullopt};
  if (!masks.empty()) inputs.mask = masks[layer - 1];
  return inputs;
}

LayerStates RecurrentStack::StatesOf(std::size_t layer, const LayerStates& highest,
                                     AlignedBuffer<Scalar> Between::*buffer) {
  if (layer + 1 == layers_.size()) return highest;
  return {.last = {nullptr, 0, width_, stride_}, .tokens = OfTokens(between_[layer].*buffer)};
}

void RecurrentStack::Forward(const EmbeddedBatch& batch, std::span<const ConstMatrix> masks, PassKind kind,
                             const LayerStates& states, const Cancellation& cancellation) {
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    layers_[layer]->Forward(InputsOf(layer, batch, masks), kind, StatesOf(layer, states, &Between::states),
                            cancellation);
  }
}

void RecurrentStack::Backward(const EmbeddedBatch& batch, std::span<const ConstMatrix> masks,
                              WantedGradients wanted, const LayerStates& states, Matrix embedded_gradient,
                              Matrix table_gradient, const Cancellation& cancellation) {
  const WantedGradients above =
      wanted == WantedGradients::kInputs ? WantedGradients::kInputs : WantedGradients::kBoth;
  for (std::size_t layer = layers_.size(); layer-- > 0;) {
    const bool lowest = layer == 0;
    layers_[layer]->Backward(InputsOf(layer, batch, masks), lowest ? wanted : above,
                             StatesOf(layer, states, &Between::gradient),
                             lowest ? embedded_gradient : OfTokens(between_[layer - 1].gradient),
                             lowest ? table_gradient : Matrix{nullptr, 0, width_, width_}, cancellation);
  }
}

}  // namespace advnative
