// Bidirectional layers on top of each other: each reads the states of the one below, of both directions and
// every token, as the lowest reads embedded tokens.
//
// Dimension letters: B texts of a batch, N tokens, V vocabulary, E embedding, H hidden of one direction, L
// layers; H* is 2H rounded up to whole vectors here.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "cpu/bidirectional_layer.h"
#include "model/parameters.h"

namespace advnative {

class RecurrentStack {
 public:
  RecurrentStack(const KernelTable& kernels, ThreadPool& pool, CellType cell, RecurrentShape shape,
                 int layers);

  // As those of BidirectionalLayer, for all layers. The passes are told by their lowest layer.
  void VisitWeights(const BufferVisit& visit);
  void CountBuffers(const std::vector<std::int32_t>& offsets, std::span<const PassShape> passes,
                    BufferCount& count);
  std::size_t HeldBytes();
  void FreeBuffers();
  void Pack(const std::vector<DirectionTensors>& layers, const Cancellation& cancellation);
  void TableChanges();
  void Begin(const std::vector<std::int32_t>& offsets, PassKind kind);
  void ClearGradients();
  void ScaleGradients(Scalar factor);
  PartTimes Times() const;
  void ResetTimes();
  void AddGradients(const std::vector<DirectionTensors>& gradients, const Cancellation& cancellation);

  // Writes the states of the highest layer that are asked for. `masks` are those of the states between two
  // layers, [L − 1] of [N][2H] in batch order, rows H* apart; or empty.
  void Forward(const EmbeddedBatch& batch, std::span<const ConstMatrix> masks, PassKind kind,
               const LayerStates& states, const Cancellation& cancellation);

  // From the gradients of these states down to those of the parameters and of the embedded tokens: see
  // BidirectionalLayer::Backward.
  void Backward(const EmbeddedBatch& batch, std::span<const ConstMatrix> masks, WantedGradients wanted,
                const LayerStates& states, Matrix embedded_gradient, Matrix table_gradient,
                const Cancellation& cancellation);

 private:
  // Of the states between a layer and the one above it.
  struct Between {
    AlignedBuffer<Scalar> states;    // [N][2H]
    AlignedBuffer<Scalar> gradient;  // [N][2H]
  };

  void VisitBetween(std::size_t tokens, PassKind kind, const BufferVisit& visit);
  Matrix OfTokens(AlignedBuffer<Scalar>& buffer) const;
  // What a layer reads: the embedded tokens, or the states of the layer below as a table whose every row is
  // read once.
  EmbeddedBatch InputsOf(std::size_t layer, const EmbeddedBatch& batch, std::span<const ConstMatrix> masks);
  // The states of a layer, or their gradients: those of the highest are the caller's.
  LayerStates StatesOf(std::size_t layer, const LayerStates& highest, AlignedBuffer<Scalar> Between::*buffer);

  const int width_;              // 2H
  const std::ptrdiff_t stride_;  // H*
  std::vector<std::unique_ptr<BidirectionalLayer>> layers_;
  std::vector<Between> between_;      // [L − 1]
  std::vector<std::int32_t> places_;  // 0 … N − 1, where there are layers above the lowest
};

}  // namespace advnative
