// Both directions of a recurrent layer over a batch: slices times directions are the tasks that threads
// share.
//
// Dimension letters: B texts of a batch, N tokens, V vocabulary, E embedding, H hidden of one direction, G
// gates; H* and E* are rounded up to whole vectors.
#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "base/cancellation.h"
#include "base/thread_pool.h"
#include "cpu/layers/embedding.h"
#include "cpu/layers/recurrent.h"
#include "cpu/layers/recurrent_cell.h"
#include "cpu/layers/scratch_pool.h"
#include "model/wanted_gradients.h"

namespace advnative {

// What is done to the table's rows before the layer reads them: nothing, Δ is added, or they are masked, with
// Δ or without.
enum class InputChange { kNone, kPerturbed, kMasked };

// What of a pass over a batch decides which buffers it uses.
struct PassShape {
  std::size_t tokens;  // N
  int vocabulary;      // V
  InputChange change;
  PassKind kind;
  WantedGradients wanted;  // of a pass for training

  bool goes_back() const { return kind == PassKind::kTraining && wanted != WantedGradients::kNone; }
};

// Rows of both directions' states, or of their gradients: forward in columns 0 … H − 1, reverse in H … 2H
// − 1.
struct LayerStates {
  Matrix last;    // [B][2H], after the last token that each direction reads; no data where nobody asks
  Matrix tokens;  // [N][2H], after every token, in batch order; likewise
};

class BidirectionalLayer {
 public:
  BidirectionalLayer(const KernelTable& kernels, ThreadPool& pool, CellType cell, RecurrentShape shape);

  // The buffers of the packed weights.
  void VisitWeights(const BufferVisit& visit);
  // Counts what passes over a batch with these offsets use.
  void CountBuffers(const std::vector<std::int32_t>& offsets, std::span<const PassShape> passes,
                    BufferCount& count);
  // Bytes of all that is kept from batch to batch, and giving it back. Times stay.
  std::size_t HeldBytes();
  void FreeBuffers();

  // Takes the weights of both directions in the kernels' order; to be called after every update, of the
  // embedding table too.
  void Pack(const RecurrentTensors<Scalar> (&directions)[2], const Cancellation& cancellation);

  // To be called when the table that the next passes read is another one under the same weights.
  void TableChanges() { projected_ = false; }

  // The most words of a batch of so many tokens that work is done by word for: see HasFewWords.
  static int MostFrequentWords(std::size_t tokens, std::size_t slices) {
    return static_cast<int>(tokens / std::max<std::size_t>(4, slices));
  }

  // Cuts the batch that the next passes run over.
  void Begin(const std::vector<std::int32_t>& offsets);

  // Writes the states that are asked for.
  void Forward(const EmbeddedBatch& batch, PassKind kind, const LayerStates& states,
               const Cancellation& cancellation);

  // From the gradients `states` of the states that were asked for: adds the parameters' gradients to those
  // gathered and, where it has data, to the table's gradient [V][E], and writes that of the inputs, [N][E] in
  // batch order. Where parameters are wanted alone it may use that place; where inputs are, what is gathered
  // is of no use and must be cleared.
  void Backward(const EmbeddedBatch& batch, WantedGradients wanted, const LayerStates& states,
                Matrix embedded_gradient, Matrix table_gradient, const Cancellation& cancellation);

  // Forgets the gradients gathered so far.
  void ClearGradients();

  // Multiplies the gradients gathered so far.
  void ScaleGradients(Scalar factor);

  // The sum over slices and directions of the batch, since ResetTimes.
  PartTimes Times() const;
  void ResetTimes();

  // Adds the gathered gradients, slice after slice, to the tensors' own layout. To be called once a step: the
  // first slice then holds the sums.
  void AddGradients(const RecurrentTensors<Scalar> (&gradients)[2], const Cancellation& cancellation);

 private:
  // Whether every word stands in the batch several times on average, and in its slices' sums no more often
  // than in its tokens, so that work done once a word costs less than work done once a token.
  static bool HasFewWords(const PassShape& pass, std::size_t slices) {
    return pass.vocabulary <= MostFrequentWords(pass.tokens, slices);
  }
  static bool LooksUpSums(const PassShape& pass, std::size_t slices) {
    return HasFewWords(pass, slices) && pass.change == InputChange::kNone;
  }
  // Through a mask, and where words hardly repeat, the way to the table leads over the tokens.
  static DirectionGradients GradientsOf(const PassShape& pass, std::size_t slices) {
    if (pass.wanted == WantedGradients::kInputs) return DirectionGradients::kTokens;
    const bool by_word = pass.wanted == WantedGradients::kParameters && pass.change != InputChange::kMasked &&
                         HasFewWords(pass, slices);
    return by_word ? DirectionGradients::kWeightsAndTable : DirectionGradients::kWeightsAndTokens;
  }
  static PassShape ShapeOf(const EmbeddedBatch& batch,
                           WantedGradients wanted = WantedGradients::kParameters) {
    const InputChange unmasked = batch.perturbation ? InputChange::kPerturbed : InputChange::kNone;
    return {.tokens = batch.ids.size(),
            .vocabulary = batch.table.rows,
            .change = batch.mask ? InputChange::kMasked : unmasked,
            .kind = PassKind::kTraining,
            .wanted = wanted};
  }
  bool HasFewWords(const EmbeddedBatch& batch) const { return HasFewWords(ShapeOf(batch), slices_.size()); }
  bool LooksUpSums(const EmbeddedBatch& batch) const { return LooksUpSums(ShapeOf(batch), slices_.size()); }
  void VisitInput(const Slice& slice, RecurrentWorkspace& workspace, const BufferVisit& visit) const {
    visit(workspace.input, Size(slice.tokens(), cells_[0]->input_stride()));
  }
  void VisitProjections(int vocabulary, const BufferVisit& visit) {
    for (AlignedBuffer<Scalar>& projections : projections_) {
      visit(projections, Size(vocabulary, cells_[0]->gates() * cells_[0]->stride()));
    }
  }
  void CountPass(const PassShape& pass, std::size_t slices, const Slice& slice, RecurrentWorkspace& workspace,
                 BufferCount& count);
  void VisitScratch(const std::vector<Slice>& slices, const PassShape& pass, RecurrentScratch& scratch,
                    const BufferVisit& visit) const;
  void ReserveScratches(const PassShape& pass);
  void CountScratches(const std::vector<Slice>& slices, std::span<const PassShape> passes,
                      BufferCount& count);
  // Of a batch of so many slices.
  std::size_t TasksAtOnce(std::size_t slices) const {
    return std::min(2 * slices, static_cast<std::size_t>(pool_.threads()));
  }
  static RecurrentNeeds NeedsOf(const PassShape& pass, std::size_t slices) {
    const InputSums input_sums = LooksUpSums(pass, slices) ? InputSums::kLookedUp : InputSums::kComputed;
    return {pass.vocabulary, input_sums, GradientsOf(pass, slices)};
  }
  void Project(const EmbeddedBatch& batch, const Cancellation& cancellation);
  RecurrentInputs Inputs(const EmbeddedBatch& batch, Direction direction, DirectionGradients gradients) const;
  // From the slices' sums by word to the gradients of input weights and, where asked for, table.
  void FinishWords(const EmbeddedBatch& batch, DirectionGradients gradients, Matrix table_gradient,
                   const Cancellation& cancellation);
  // Calls task(slice, direction) for every slice of the batch and both directions, on the threads.
  template <typename Task>
  void ForEachDirectionOfSlices(Task task) {
    pool_.Run(static_cast<int>(2 * slices_.size()),
              [&](int index) { task(static_cast<std::size_t>(index) / 2, kDirections[index % 2]); });
  }
  // Calls work(index, scratch) for every index below `count`, on as many threads as there are scratches.
  template <typename Work>
  void ShareOut(int count, Work work) {
    const int tasks = std::min(count, static_cast<int>(TasksAtOnce(slices_.size())));
    pool_.Run(tasks, [&](int task) {
      const auto scratch = scratches_.Take();
      for (int index = task; index < count; index += tasks) work(index, *scratch);
    });
  }
  static std::size_t Index(Direction direction) { return static_cast<std::size_t>(direction); }
  const RecurrentCell& Cell(Direction direction) const { return *cells_[Index(direction)]; }
  // A direction's columns.
  DirectionStates Of(Direction direction, const LayerStates& states, const EmbeddedBatch& batch) const {
    const int hidden = cells_[0]->shape().hidden;
    const auto columns = [&](Matrix both) {
      return both.data == nullptr ? both : both.Columns(static_cast<int>(Index(direction)) * hidden, hidden);
    };
    return {columns(states.last), columns(states.tokens), batch.offsets, direction};
  }
  // One row a token of a slice, [tokens][E].
  Matrix OfTokens(const Slice& slice, AlignedBuffer<Scalar>& buffer) const {
    const RecurrentCell& cell = *cells_[0];
    return {buffer.data(), static_cast<int>(slice.tokens()), cell.shape().embedding, cell.input_stride()};
  }
  RecurrentWorkspace& Workspace(std::size_t slice, Direction direction) {
    return workspaces_[2 * slice + Index(direction)];
  }

  // Those of every slice of the batch.
  std::vector<RecurrentWorkspace*> Workspaces(Direction direction) {
    std::vector<RecurrentWorkspace*> workspaces;
    for (std::size_t i = 0; i < slices_.size(); ++i) workspaces.push_back(&Workspace(i, direction));
    return workspaces;
  }

  static constexpr Direction kDirections[2]{Direction::kForward, Direction::kReverse};

  ThreadPool& pool_;
  std::unique_ptr<RecurrentCell> cells_[2];  // forward, reverse
  AlignedBuffer<Scalar> projections_[2];     // [V][GH*], of the current weights if projected_
  bool projected_ = false;
  std::vector<Slice> slices_;
  // Two for each slice, kept from batch to batch.
  std::vector<RecurrentWorkspace> workspaces_;
  ScratchPool scratches_;
  PartTimes freed_times_;  // of scratches that are gone
};

}  // namespace advnative
