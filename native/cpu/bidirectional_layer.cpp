#include "cpu/bidirectional_layer.h"

#include <algorithm>

#include "cpu/layers/recurrent.h"

namespace advnative {

BidirectionalLayer::BidirectionalLayer(const KernelTable& kernels, ThreadPool& pool, CellType cell,
                                       RecurrentShape shape)
    : pool_(pool), cells_{CreateCell(cell, kernels, shape), CreateCell(cell, kernels, shape)} {}

void BidirectionalLayer::Pack(const RecurrentTensors<Scalar> (&directions)[2],
                              const Cancellation& cancellation) {
  pool_.Run(2, [&](int direction) {
    cancellation.Check();
    const RecurrentTensors<Scalar>& from = directions[direction];
    cells_[direction]->Pack({from.input_weights, from.recurrent_weights, from.bias, from.candidate_bias});
  });
  projected_ = false;
}

void BidirectionalLayer::Begin(const std::vector<std::int32_t>& offsets) {
  slices_ = CutIntoSlices(offsets);
  while (workspaces_.size() < 2 * slices_.size()) AddWorkspace();
}

void BidirectionalLayer::VisitWeights(const BufferVisit& visit) {
  for (const auto& cell : cells_) cell->VisitWeights(visit);
}

void BidirectionalLayer::CountBuffers(const std::vector<std::int32_t>& offsets,
                                      std::span<const PassShape> passes, BufferCount& count) {
  const std::vector<Slice> slices = CutIntoSlices(offsets);
  for (std::size_t i = 0; i < 2 * slices.size(); ++i) {
    const auto unused = i < workspaces_.size() ? nullptr : cells_[i % 2]->MakeWorkspace();
    RecurrentWorkspace& workspace = unused ? *unused : *workspaces_[i];
    for (const PassShape& pass : passes) {
      CountPass(pass, slices.size(), slices[i / 2], i % 2, workspace, count);
    }
    count.Close();
  }
  for (const PassShape& pass : passes) {
    if (LooksUpSums(pass, slices.size())) VisitProjections(pass.vocabulary, count.Visit());
  }
  count.Close();
}

void BidirectionalLayer::CountPass(const PassShape& pass, std::size_t slices, const Slice& slice,
                                   std::size_t direction, RecurrentWorkspace& workspace, BufferCount& count) {
  const RecurrentCell& cell = *cells_[direction];
  const auto visit = count.Visit();
  const bool projected = LooksUpSums(pass, slices);
  if (!projected) VisitInput(slice, workspace, visit);
  VisitForwardBuffers(cell, slice, pass.backward, workspace, visit);
  if (!pass.backward) return;
  const RecurrentNeeds needs{pass.vocabulary, projected, NeedsTokenGradients(pass, slices)};
  VisitBackwardBuffers(cell, slice, needs, workspace, visit);
  cell.VisitGradients(workspace, visit);
}

std::size_t BidirectionalLayer::HeldBytes() {
  std::size_t bytes = 0;
  const auto add = [&bytes](AlignedBuffer<Scalar>& buffer, std::size_t) {
    bytes += BytesOfBlock(buffer.capacity() * sizeof(Scalar));
  };
  for (const auto& workspace : workspaces_) workspace->ForEachBuffer(add);
  VisitProjections(0, add);
  return bytes;
}

void BidirectionalLayer::FreeBuffers() {
  const RecurrentTimes times = Times();
  workspaces_.clear();
  AddWorkspace();
  workspaces_.front()->times = times;
  slices_ = {};
  VisitProjections(0, &FreeBuffer);
  projected_ = false;
}

void BidirectionalLayer::Project(const EmbeddedBatch& batch, const Cancellation& cancellation) {
  constexpr int kRows = 64;
  if (projected_) return;
  const RecurrentCell& cell = *cells_[0];
  const std::ptrdiff_t width = cell.gates() * cell.stride();
  VisitProjections(batch.vocabulary, &ReserveBuffer);
  const int blocks = (batch.vocabulary + kRows - 1) / kRows;
  pool_.Run(2 * blocks, [&](int task) {
    cancellation.Check();
    const std::ptrdiff_t first = static_cast<std::ptrdiff_t>(task / 2) * kRows;
    cells_[task % 2]->Project(std::min(kRows, batch.vocabulary - static_cast<int>(first)),
                              batch.table + first * batch.embedding,
                              projections_[task % 2].data() + first * width);
  });
  projected_ = true;
}

RecurrentInputs BidirectionalLayer::Inputs(const EmbeddedBatch& batch, int direction,
                                           bool token_gradients) const {
  return {.vocabulary = batch.vocabulary,
          .table = batch.table,
          .projections = LooksUpSums(batch) ? projections_[direction].data() : nullptr,
          .token_gradients = token_gradients};
}

void BidirectionalLayer::Forward(const EmbeddedBatch& batch, bool keep_activations, Scalar* final_states,
                                 std::ptrdiff_t stride, const Cancellation& cancellation) {
  if (LooksUpSums(batch)) Project(batch, cancellation);
  pool_.Run(static_cast<int>(2 * slices_.size()), [&](int task) {
    const Slice& slice = slices_[static_cast<std::size_t>(task) / 2];
    const int direction = task % 2;
    const Direction order = direction == 0 ? Direction::kForward : Direction::kReverse;
    RecurrentWorkspace& workspace = Workspace(static_cast<std::size_t>(task) / 2, direction);
    if (HasFewWords(batch)) {
      GatherWords(batch.ids, batch.offsets, slice, order, workspace.words, cancellation);
    }
    if (!LooksUpSums(batch)) {
      VisitInput(slice, workspace, &ReserveBuffer);
      GatherEmbedded(batch, slice, order, workspace.input.data(), cancellation);
    }
    const RecurrentCell& cell = *cells_[direction];
    RecurrentForwardPass(cell, slice, Inputs(batch, direction, true), workspace, keep_activations,
                         final_states + direction * cell.shape().hidden, stride, cancellation);
  });
}

void BidirectionalLayer::Backward(const EmbeddedBatch& batch, const Scalar* final_gradient,
                                  std::ptrdiff_t stride, WantedGradients wanted, Scalar* embedded_gradient,
                                  Scalar* table_gradient, const Cancellation& cancellation) {
  const bool weight_gradients = wanted != WantedGradients::kInputs;
  const bool token_gradients =
      NeedsTokenGradients(ShapeOf(batch, wanted != WantedGradients::kParameters), slices_.size());
  pool_.Run(static_cast<int>(2 * slices_.size()), [&](int task) {
    const std::size_t slice = static_cast<std::size_t>(task) / 2;
    const int direction = task % 2;
    const RecurrentCell& cell = *cells_[direction];
    RecurrentInputs inputs = Inputs(batch, direction, token_gradients);
    inputs.weight_gradients = weight_gradients;
    RecurrentBackwardPass(cell, slices_[slice], inputs, Workspace(slice, direction),
                          final_gradient + direction * cell.shape().hidden, stride, cancellation);
  });
  if (!token_gradients) return AddTableGradients(batch, table_gradient);
  pool_.Run(static_cast<int>(slices_.size()), [&](int task) {
    const auto slice = static_cast<std::size_t>(task);
    CollectEmbeddedGradient(batch, slices_[slice], Workspace(slice, 0).input_gradient.data(),
                            Workspace(slice, 1).input_gradient.data(), embedded_gradient, cancellation);
  });
  if (weight_gradients) AddTableGradient(batch, pool_, embedded_gradient, table_gradient, cancellation);
}

void BidirectionalLayer::AddTableGradients(const EmbeddedBatch& batch, Scalar* table_gradient) const {
  for (std::size_t i = 0; i < 2 * slices_.size(); ++i) {
    const Scalar* from = workspaces_[i]->table_gradient.data();
    for (std::ptrdiff_t word = 0; word < batch.vocabulary; ++word) {
      for (std::ptrdiff_t j = 0; j < batch.embedding; ++j) {
        table_gradient[word * batch.embedding + j] += from[word * batch.stride + j];
      }
    }
  }
}

void BidirectionalLayer::ClearGradients() {
  pool_.Run(static_cast<int>(2 * slices_.size()), [&](int task) {
    const auto index = static_cast<std::size_t>(task);
    cells_[index % 2]->ClearGradients(*workspaces_[index]);
  });
}

void BidirectionalLayer::ScaleGradients(Scalar factor) {
  pool_.Run(static_cast<int>(2 * slices_.size()), [&](int task) {
    const auto index = static_cast<std::size_t>(task);
    cells_[index % 2]->ScaleGradients(factor, *workspaces_[index]);
  });
}

RecurrentTimes BidirectionalLayer::Times() const {
  RecurrentTimes sum;
  for (const auto& workspace : workspaces_) {
    const RecurrentTimes& times = workspace->times;
    sum.forward_steps += times.forward_steps;
    sum.backward_gates += times.backward_gates;
    sum.backward_product += times.backward_product;
    sum.weight_gradients += times.weight_gradients;
    sum.input_gradient += times.input_gradient;
  }
  return sum;
}

void BidirectionalLayer::ResetTimes() {
  for (const auto& workspace : workspaces_) workspace->times = {};
}

void BidirectionalLayer::AddGradients(const RecurrentTensors<Scalar> (&gradients)[2],
                                      const Cancellation& cancellation) {
  // Along memory first, because the way to the tensors' layout goes across it.
  constexpr int kParts = 8;
  pool_.Run(2 * kParts, [&](int task) {
    const int direction = task % 2;
    for (std::size_t slice = 1; slice < slices_.size(); ++slice) {
      cancellation.Check();
      cells_[direction]->AddGathered(Workspace(slice, direction), task / 2, kParts, Workspace(0, direction));
    }
  });
  pool_.Run(2, [&](int direction) {
    cancellation.Check();
    cells_[direction]->AddGradients(Workspace(0, direction), gradients[direction]);
  });
}

}  // namespace advnative
