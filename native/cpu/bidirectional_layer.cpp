#include "cpu/bidirectional_layer.h"

#include <algorithm>

#include "cpu/layers/recurrent.h"

namespace advnative {

template <typename Scalar>
BidirectionalLayer<Scalar>::BidirectionalLayer(const KernelTable<Scalar>& kernels, ThreadPool& pool,
                                               CellType cell, RecurrentShape shape)
    : pool_(pool), cells_{CreateCell(cell, kernels, shape), CreateCell(cell, kernels, shape)} {}

template <typename Scalar>
void BidirectionalLayer<Scalar>::Pack(const RecurrentTensors<Scalar> (&directions)[2],
                                      const Cancellation& cancellation) {
  pool_.Run(2, [&](int direction) {
    cancellation.Check();
    const RecurrentTensors<Scalar>& from = directions[direction];
    cells_[direction]->Pack({from.input_weights, from.recurrent_weights, from.bias, from.candidate_bias});
  });
  projected_ = false;
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::Begin(const std::vector<std::int32_t>& offsets) {
  slices_ = CutIntoSlices(offsets);
  if (workspaces_.size() < 2 * slices_.size()) workspaces_.resize(2 * slices_.size());
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::VisitWeights(const BufferVisit<Scalar>& visit) {
  for (const auto& cell : cells_) cell->VisitWeights(visit);
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::CountBuffers(const std::vector<std::int32_t>& offsets,
                                              std::span<const PassShape> passes, BufferCount& count) {
  const std::vector<Slice> slices = CutIntoSlices(offsets);
  for (std::size_t i = 0; i < 2 * slices.size(); ++i) {
    RecurrentWorkspace<Scalar> unused;
    RecurrentWorkspace<Scalar>& workspace = i < workspaces_.size() ? workspaces_[i] : unused;
    for (const PassShape& pass : passes) {
      CountPass(pass, slices.size(), slices[i / 2], i % 2, workspace, count);
    }
    count.Close();
  }
  for (const PassShape& pass : passes) {
    if (LooksUpSums(pass, slices.size())) VisitProjections(pass.vocabulary, count.Visit<Scalar>());
  }
  count.Close();
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::CountPass(const PassShape& pass, std::size_t slices, const Slice& slice,
                                           std::size_t direction, RecurrentWorkspace<Scalar>& workspace,
                                           BufferCount& count) {
  const RecurrentCell<Scalar>& cell = *cells_[direction];
  const auto visit = count.Visit<Scalar>();
  const bool projected = LooksUpSums(pass, slices);
  if (!projected) VisitInput(slice, workspace, visit);
  VisitForwardBuffers<Scalar>(cell, slice, pass.backward, workspace, visit);
  if (!pass.backward) return;
  const RecurrentNeeds needs{pass.vocabulary, projected, NeedsTokenGradients(pass, slices)};
  VisitBackwardBuffers<Scalar>(cell, slice, needs, workspace, visit);
  cell.VisitGradients(workspace, visit);
}

template <typename Scalar>
std::size_t BidirectionalLayer<Scalar>::HeldBytes() {
  std::size_t bytes = 0;
  const auto add = [&bytes](AlignedBuffer<Scalar>& buffer, std::size_t) {
    bytes += BytesOfBlock(buffer.capacity() * sizeof(Scalar));
  };
  for (RecurrentWorkspace<Scalar>& workspace : workspaces_) workspace.ForEachBuffer(add);
  VisitProjections(0, add);
  return bytes;
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::FreeBuffers() {
  const RecurrentTimes times = Times();
  workspaces_.resize(1);
  workspaces_.shrink_to_fit();
  workspaces_[0] = {};
  workspaces_[0].times = times;
  slices_ = {};
  VisitProjections(0, &FreeBuffer<Scalar>);
  projected_ = false;
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::Project(const EmbeddedBatch<Scalar>& batch,
                                         const Cancellation& cancellation) {
  constexpr int kRows = 64;
  if (projected_) return;
  const RecurrentCell<Scalar>& cell = *cells_[0];
  const std::ptrdiff_t width = cell.gates() * cell.stride();
  VisitProjections(batch.vocabulary, &ReserveBuffer<Scalar>);
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

template <typename Scalar>
RecurrentInputs<Scalar> BidirectionalLayer<Scalar>::Inputs(const EmbeddedBatch<Scalar>& batch, int direction,
                                                           bool token_gradients) const {
  return {.vocabulary = batch.vocabulary,
          .table = batch.table,
          .projections = LooksUpSums(batch) ? projections_[direction].data() : nullptr,
          .token_gradients = token_gradients};
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::Forward(const EmbeddedBatch<Scalar>& batch, bool keep_activations,
                                         Scalar* final_states, std::ptrdiff_t stride,
                                         const Cancellation& cancellation) {
  if (LooksUpSums(batch)) Project(batch, cancellation);
  pool_.Run(static_cast<int>(2 * slices_.size()), [&](int task) {
    const Slice& slice = slices_[static_cast<std::size_t>(task) / 2];
    const int direction = task % 2;
    const Direction order = direction == 0 ? Direction::kForward : Direction::kReverse;
    RecurrentWorkspace<Scalar>& workspace = Workspace(static_cast<std::size_t>(task) / 2, direction);
    if (HasFewWords(batch)) {
      GatherWords(batch.ids, batch.offsets, slice, order, workspace.words, cancellation);
    }
    if (!LooksUpSums(batch)) {
      VisitInput(slice, workspace, &ReserveBuffer<Scalar>);
      GatherEmbedded(batch, slice, order, workspace.input.data(), cancellation);
    }
    const RecurrentCell<Scalar>& cell = *cells_[direction];
    RecurrentForwardPass(cell, slice, Inputs(batch, direction, true), workspace, keep_activations,
                         final_states + direction * cell.shape().hidden, stride, cancellation);
  });
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::Backward(const EmbeddedBatch<Scalar>& batch, const Scalar* final_gradient,
                                          std::ptrdiff_t stride, bool token_gradients,
                                          Scalar* embedded_gradient, Scalar* table_gradient,
                                          const Cancellation& cancellation) {
  token_gradients = NeedsTokenGradients(ShapeOf(batch, token_gradients), slices_.size());
  pool_.Run(static_cast<int>(2 * slices_.size()), [&](int task) {
    const std::size_t slice = static_cast<std::size_t>(task) / 2;
    const int direction = task % 2;
    const RecurrentCell<Scalar>& cell = *cells_[direction];
    RecurrentBackwardPass(cell, slices_[slice], Inputs(batch, direction, token_gradients),
                          Workspace(slice, direction), final_gradient + direction * cell.shape().hidden,
                          stride, cancellation);
  });
  if (!token_gradients) return AddTableGradients(batch, table_gradient);
  pool_.Run(static_cast<int>(slices_.size()), [&](int task) {
    const auto slice = static_cast<std::size_t>(task);
    CollectEmbeddedGradient(batch, slices_[slice], Workspace(slice, 0).input_gradient.data(),
                            Workspace(slice, 1).input_gradient.data(), embedded_gradient, cancellation);
  });
  AddTableGradient(batch, pool_, embedded_gradient, table_gradient, cancellation);
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::AddTableGradients(const EmbeddedBatch<Scalar>& batch,
                                                   Scalar* table_gradient) const {
  for (std::size_t i = 0; i < 2 * slices_.size(); ++i) {
    const Scalar* from = workspaces_[i].table_gradient.data();
    for (std::ptrdiff_t word = 0; word < batch.vocabulary; ++word) {
      for (std::ptrdiff_t j = 0; j < batch.embedding; ++j) {
        table_gradient[word * batch.embedding + j] += from[word * batch.stride + j];
      }
    }
  }
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::ClearGradients() {
  for (std::size_t i = 0; i < 2 * slices_.size(); ++i) cells_[i % 2]->ClearGradients(workspaces_[i]);
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::ScaleGradients(Scalar factor) {
  pool_.Run(static_cast<int>(2 * slices_.size()), [&](int task) {
    const auto index = static_cast<std::size_t>(task);
    cells_[index % 2]->ScaleGradients(factor, workspaces_[index]);
  });
}

template <typename Scalar>
RecurrentTimes BidirectionalLayer<Scalar>::Times() const {
  RecurrentTimes sum;
  for (const RecurrentWorkspace<Scalar>& workspace : workspaces_) {
    const RecurrentTimes& times = workspace.times;
    sum.forward_steps += times.forward_steps;
    sum.backward_gates += times.backward_gates;
    sum.backward_product += times.backward_product;
    sum.weight_gradients += times.weight_gradients;
    sum.input_gradient += times.input_gradient;
  }
  return sum;
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::ResetTimes() {
  for (RecurrentWorkspace<Scalar>& workspace : workspaces_) workspace.times = {};
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::AddGradients(const RecurrentTensors<Scalar> (&gradients)[2],
                                              const Cancellation& cancellation) {
  pool_.Run(2, [&](int direction) {
    for (std::size_t slice = 0; slice < slices_.size(); ++slice) {
      cancellation.Check();
      cells_[direction]->AddGradients(Workspace(slice, direction), gradients[direction]);
    }
  });
}

template class BidirectionalLayer<float>;
template class BidirectionalLayer<double>;

}  // namespace advnative
