#include "cpu/bidirectional_layer.h"

#include <algorithm>

namespace advnative {

BidirectionalLayer::BidirectionalLayer(const KernelTable& kernels, ThreadPool& pool, CellType cell,
                                       RecurrentShape shape)
    : pool_(pool), cells_{CreateCell(cell, kernels, shape), CreateCell(cell, kernels, shape)} {}

void BidirectionalLayer::Pack(const RecurrentTensors<Scalar> (&directions)[2],
                              const Cancellation& cancellation) {
  pool_.Run(2, [&](int task) {
    cancellation.Check();
    const RecurrentTensors<Scalar>& from = directions[task];
    cells_[task]->Pack({from.input_weights, from.recurrent_weights, from.bias, from.candidate_bias});
  });
  projected_ = false;
}

void BidirectionalLayer::Begin(const std::vector<std::int32_t>& offsets) {
  slices_ = CutIntoSlices(offsets);
  if (workspaces_.size() < 2 * slices_.size()) workspaces_.resize(2 * slices_.size());
  scratches_.Provide(TasksAtOnce(slices_.size()), *cells_[0]);
}

void BidirectionalLayer::VisitWeights(const BufferVisit& visit) {
  for (const auto& cell : cells_) cell->VisitWeights(visit);
}

void BidirectionalLayer::CountBuffers(const std::vector<std::int32_t>& offsets,
                                      std::span<const PassShape> passes, BufferCount& count) {
  const std::vector<Slice> slices = CutIntoSlices(offsets);
  for (std::size_t i = 0; i < 2 * slices.size(); ++i) {
    RecurrentWorkspace unused;
    RecurrentWorkspace& workspace = i < workspaces_.size() ? workspaces_[i] : unused;
    for (const PassShape& pass : passes) {
      CountPass(pass, slices.size(), slices[i / 2], workspace, count);
    }
    count.Close();
  }
  CountScratches(slices, passes, count);
  for (const PassShape& pass : passes) {
    if (LooksUpSums(pass, slices.size())) VisitProjections(pass.vocabulary, count.Visit());
  }
  count.Close();
}

void BidirectionalLayer::CountPass(const PassShape& pass, std::size_t slices, const Slice& slice,
                                   RecurrentWorkspace& workspace, BufferCount& count) {
  const RecurrentCell& cell = *cells_[0];  // both need the same
  const auto visit = count.Visit();
  const RecurrentNeeds needs = NeedsOf(pass, slices);
  if (needs.input_sums == InputSums::kComputed) VisitInput(slice, workspace, visit);
  VisitForwardBuffers(cell, slice, pass.kind, workspace, visit);
  if (!pass.goes_back()) return;
  VisitBackwardBuffers(cell, slice, needs, workspace, visit);
  cell.VisitGradients(workspace, visit);
}

// Which slice a task takes, and so the size of its scratch, is not known before: each has room for the
// largest.
void BidirectionalLayer::VisitScratch(const std::vector<Slice>& slices, const PassShape& pass,
                                      RecurrentScratch& scratch, const BufferVisit& visit) const {
  int rows = 0;
  for (const Slice& slice : slices) rows = std::max(rows, slice.rows());
  cells_[0]->VisitForwardBuffers(rows, scratch, visit);
  if (!pass.goes_back()) return;
  VisitBackwardScratch(*cells_[0], rows, NeedsOf(pass, slices.size()), scratch, visit);
}

void BidirectionalLayer::CountScratches(const std::vector<Slice>& slices, std::span<const PassShape> passes,
                                        BufferCount& count) {
  const auto& known = scratches_.scratches();
  for (std::size_t i = 0; i < TasksAtOnce(slices.size()); ++i) {
    const auto unused = i < known.size() ? nullptr : cells_[0]->MakeScratch();
    for (const PassShape& pass : passes) {
      VisitScratch(slices, pass, unused ? *unused : *known[i], count.Visit());
    }
    count.Close();
  }
}

// All that is counted, whichever of them the threads come to take.
void BidirectionalLayer::ReserveScratches(const PassShape& pass) {
  for (std::size_t i = 0; i < TasksAtOnce(slices_.size()); ++i) {
    VisitScratch(slices_, pass, *scratches_.scratches()[i], &ReserveBuffer);
  }
}

std::size_t BidirectionalLayer::HeldBytes() {
  std::size_t bytes = 0;
  const auto add = [&bytes](AlignedBuffer<Scalar>& buffer, std::size_t) {
    bytes += BytesOfBlock(buffer.capacity() * sizeof(Scalar));
  };
  for (RecurrentWorkspace& workspace : workspaces_) workspace.ForEachBuffer(add);
  for (const auto& scratch : scratches_.scratches()) scratch->ForEachBuffer(add);
  VisitProjections(0, add);
  return bytes;
}

void BidirectionalLayer::FreeBuffers() {
  freed_times_ = Times();
  workspaces_.clear();
  scratches_.Free();
  slices_ = {};
  VisitProjections(0, &FreeBuffer);
  projected_ = false;
}

void BidirectionalLayer::Project(const EmbeddedBatch& batch, const Cancellation& cancellation) {
  constexpr int kRows = 64;
  if (projected_) return;
  const std::ptrdiff_t width = cells_[0]->gates() * cells_[0]->stride();
  VisitProjections(batch.table.rows, &ReserveBuffer);
  const int blocks = (batch.table.rows + kRows - 1) / kRows;
  pool_.Run(2 * blocks, [&](int task) {
    cancellation.Check();
    const int first = task / 2 * kRows;
    cells_[task % 2]->Project(batch.table.Rows(first, std::min(kRows, batch.table.rows - first)),
                              projections_[task % 2].data() + first * width);
  });
  projected_ = true;
}

RecurrentInputs BidirectionalLayer::Inputs(const EmbeddedBatch& batch, Direction direction,
                                           DirectionGradients gradients) const {
  return {.table = batch.table,
          .input_sums = LooksUpSums(batch) ? InputSums::kLookedUp : InputSums::kComputed,
          .projections = projections_[Index(direction)].data(),
          .gradients = gradients};
}

void BidirectionalLayer::Forward(const EmbeddedBatch& batch, PassKind kind, const LayerStates& states,
                                 const Cancellation& cancellation) {
  if (LooksUpSums(batch)) Project(batch, cancellation);
  PassShape shape = ShapeOf(batch);
  shape.kind = PassKind::kPrediction;  // the way back makes its own room
  ReserveScratches(shape);
  ForEachDirectionOfSlices([&](std::size_t index, Direction direction) {
    const Slice& slice = slices_[index];
    RecurrentWorkspace& workspace = Workspace(index, direction);
    if (HasFewWords(batch)) {
      GatherWords(batch, slice, direction, workspace.words, cancellation);
    }
    if (!LooksUpSums(batch)) {
      VisitInput(slice, workspace, &ReserveBuffer);
      GatherEmbedded(batch, slice, direction, OfTokens(slice, workspace.input), cancellation);
    }
    RecurrentForwardPass(Cell(direction), slice, Inputs(batch, direction, DirectionGradients::kTokens),
                         workspace, *scratches_.Take(), kind, Of(direction, states, batch), cancellation);
  });
}

void BidirectionalLayer::Backward(const EmbeddedBatch& batch, WantedGradients wanted,
                                  const LayerStates& states, Matrix embedded_gradient, Matrix table_gradient,
                                  const Cancellation& cancellation) {
  const PassShape shape = ShapeOf(batch, wanted);
  const DirectionGradients gradients = GradientsOf(shape, slices_.size());
  ReserveScratches(shape);
  ForEachDirectionOfSlices([&](std::size_t slice, Direction direction) {
    RecurrentBackwardPass(Cell(direction), slices_[slice], Inputs(batch, direction, gradients),
                          Workspace(slice, direction), *scratches_.Take(), Of(direction, states, batch),
                          cancellation);
  });
  if (NeedsOf(shape, slices_.size()).sums_by_word()) {
    FinishWords(batch, gradients, table_gradient, cancellation);
  }
  if (gradients == DirectionGradients::kWeightsAndTable) return;
  pool_.Run(static_cast<int>(slices_.size()), [&](int task) {
    const auto slice = static_cast<std::size_t>(task);
    const auto gradient = [&](Direction direction) {
      return OfTokens(slices_[slice], Workspace(slice, direction).input_gradient);
    };
    CollectEmbeddedGradient(batch, slices_[slice], gradient(Direction::kForward),
                            gradient(Direction::kReverse), embedded_gradient, cancellation);
  });
  if (gradients == DirectionGradients::kTokens || table_gradient.data == nullptr) return;
  AddTableGradient(batch, pool_, embedded_gradient, table_gradient, cancellation);
}

void BidirectionalLayer::FinishWords(const EmbeddedBatch& batch, DirectionGradients gradients,
                                     Matrix table_gradient, const Cancellation& cancellation) {
  constexpr int kParts = 4;
  const int words = batch.table.rows;
  const std::vector<RecurrentWorkspace*> slices[2]{Workspaces(Direction::kForward),
                                                   Workspaces(Direction::kReverse)};
  ShareOut((words + kWordBlock - 1) / kWordBlock, [&](int block, RecurrentScratch& scratch) {
    const int first = block * kWordBlock;
    const int count = std::min(kWordBlock, words - first);
    for (const Direction direction : kDirections) {
      cancellation.Check();
      Cell(direction).AddWords(slices[Index(direction)], first, count, scratch);
      if (gradients != DirectionGradients::kWeightsAndTable) continue;
      Cell(direction).AddTableGradient(Workspace(0, direction), first, count, scratch, table_gradient);
    }
  });
  if (!LooksUpSums(batch)) return;
  ShareOut(2 * kParts, [&](int part, RecurrentScratch& scratch) {
    const Direction direction = kDirections[part % 2];
    Cell(direction).AddWordProducts(batch.table, Workspace(0, direction), part / 2, kParts, scratch,
                                    cancellation);
  });
  for (const Direction direction : kDirections) Workspace(0, direction).weights_gradient.empty = false;
}

void BidirectionalLayer::ClearGradients() {
  for (std::size_t i = 0; i < 2 * slices_.size(); ++i) cells_[i % 2]->ClearGradients(workspaces_[i]);
}

void BidirectionalLayer::ScaleGradients(Scalar factor) {
  ForEachDirectionOfSlices([&](std::size_t slice, Direction direction) {
    Cell(direction).ScaleGradients(factor, Workspace(slice, direction));
  });
}

PartTimes BidirectionalLayer::Times() const {
  PartTimes sum = freed_times_;
  for (const auto& scratch : scratches_.scratches()) sum += scratch->times;
  return sum;
}

void BidirectionalLayer::ResetTimes() {
  freed_times_ = {};
  for (const auto& scratch : scratches_.scratches()) scratch->times = {};
}

void BidirectionalLayer::AddGradients(const RecurrentTensors<Scalar> (&gradients)[2],
                                      const Cancellation& cancellation) {
  constexpr int kParts = 8;
  const std::vector<RecurrentWorkspace*> slices[2]{Workspaces(Direction::kForward),
                                                   Workspaces(Direction::kReverse)};
  // Along memory first, because the way to the tensors' layout goes across it.
  pool_.Run(2 * kParts, [&](int task) {
    cancellation.Check();
    cells_[task % 2]->AddGathered(slices[task % 2], task / 2, kParts);
  });
  pool_.Run(2 * kParts, [&](int task) {
    cancellation.Check();
    cells_[task % 2]->AddGradients(*slices[task % 2][0], task / 2, kParts, gradients[task % 2]);
  });
}

}  // namespace advnative
