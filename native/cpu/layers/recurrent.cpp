#include "cpu/layers/recurrent.h"

#include <algorithm>

#include "base/part_timer.h"
#include "cpu/layers/packing.h"

namespace advnative {

namespace {

// About as many rows as one product of the weight gradients takes: enough to pay for reading and writing the
// sums, few enough that the gates' gradients stay in the caches.
constexpr int kChunkRows = 256;

// Their number is rounded: one chunk has fewer than half as many rows again; each of several has at most a
// quarter more and those that make its last step whole.
int MostChunkRows(int rows) {
  return std::max(kChunkRows + kChunkRows / 2, kChunkRows + kChunkRows / 4 + rows);
}

// Calls visit(row) for the rows whose texts end with `step`.
template <typename Visit>
void ForEachEndingRow(const Slice& slice, int step, Visit visit) {
  const int going_on = step + 1 < slice.steps() ? slice.active(step + 1) : 0;
  for (std::ptrdiff_t row = going_on; row < slice.active(step); ++row) visit(row);
}

// Where the activations of a time step begin, in rows. The last step lies first: the backward pass reads
// upward from step to step, which hardware foresees.
std::ptrdiff_t ActivationsRow(const Slice& slice, int step) {
  return slice.tokens() - slice.step_begin[static_cast<std::size_t>(step) + 1];
}

std::ptrdiff_t TextOf(const Slice& slice, std::ptrdiff_t row) {
  return slice.texts[static_cast<std::size_t>(row)];
}

}  // namespace

void VisitForwardBuffers(const RecurrentCell& cell, const Slice& slice, PassKind kind,
                         RecurrentWorkspace& workspace, const BufferVisit& visit) {
  const bool training = kind == PassKind::kTraining;
  const std::ptrdiff_t rows = slice.rows();
  // For a prediction two states are enough, taken in turn.
  visit(workspace.states, Size(rows + (training ? slice.tokens() : rows), cell.stride()));
  if (training) {
    visit(workspace.activations, Size(slice.tokens(), cell.layout().activations * cell.stride()));
  }
}

void VisitBackwardBuffers(const RecurrentCell& cell, const Slice& slice, const RecurrentNeeds& needs,
                          RecurrentWorkspace& workspace, const BufferVisit& visit) {
  if (needs.tokens()) visit(workspace.input_gradient, Size(slice.tokens(), cell.input_stride()));
  if (needs.sums_by_word()) {
    visit(workspace.word_gradients, Size(needs.vocabulary, cell.gates() * cell.stride()));
  }
}

void VisitBackwardScratch(const RecurrentCell& cell, int rows, const RecurrentNeeds& needs,
                          RecurrentScratch& scratch, const BufferVisit& visit) {
  const int chunk_rows = MostChunkRows(rows);
  const auto [embedding, hidden] = cell.shape();
  visit(scratch.gate_gradients, Size(chunk_rows, cell.layout().gate_gradients * cell.stride()));
  visit(scratch.previous_state_tiles, Size(chunk_rows, hidden));
  if (needs.input_sums == InputSums::kComputed) visit(scratch.input_tiles, Size(chunk_rows, embedding));
  if (needs.sums_by_word()) visit(scratch.word_block, Size(kWordBlock, cell.input_stride()));
  visit(scratch.state_gradient, Size(rows, cell.stride()));
  cell.VisitBackwardBuffers(rows, chunk_rows, scratch, visit);
}

namespace {

// The states [rows][H*] after a step to whoever asks for them.
void HandOver(const RecurrentCell& cell, const Slice& slice, int step, const Scalar* state,
              const DirectionStates& states) {
  const auto copy = [&](std::ptrdiff_t row, Scalar* to) {
    std::copy_n(state + row * cell.stride(), cell.shape().hidden, to);
  };
  if (states.last.data != nullptr) {
    ForEachEndingRow(slice, step,
                     [&](std::ptrdiff_t row) { copy(row, states.last.Row(TextOf(slice, row))); });
  }
  if (states.tokens.data == nullptr) return;
  for (std::ptrdiff_t row = 0; row < slice.active(step); ++row) {
    copy(row, states.tokens.Row(states.TokenRow(slice, row, step)));
  }
}

}  // namespace

void RecurrentForwardPass(const RecurrentCell& cell, const Slice& slice, const RecurrentInputs& inputs,
                          RecurrentWorkspace& workspace, RecurrentScratch& scratch, PassKind kind,
                          const DirectionStates& states, const Cancellation& cancellation) {
  const std::ptrdiff_t stride = cell.stride();
  const std::ptrdiff_t block = cell.layout().activations * stride;
  const int rows = slice.rows();
  VisitForwardBuffers(cell, slice, kind, workspace, &ReserveBuffer);
  cell.VisitForwardBuffers(rows, scratch, &ReserveBuffer);
  std::fill_n(workspace.states.data(), rows * stride, Scalar(0));
  const bool training = kind == PassKind::kTraining;
  const bool computed = inputs.input_sums == InputSums::kComputed;
  cell.BeginForward(scratch);
  const PartTimer timer(scratch.times[Part::kForwardSteps]);
  Scalar* previous = workspace.states.data();
  Scalar* state = previous + rows * stride;
  for (int step = 0; step < slice.steps(); ++step) {
    cancellation.Check();
    const std::ptrdiff_t first = slice.step_begin[static_cast<std::size_t>(step)];
    cell.Forward({.rows = slice.active(step),
                  .input_sums = inputs.input_sums,
                  .input = computed ? workspace.input.data() + first * cell.input_stride() : nullptr,
                  .projections = inputs.projections,
                  .words = computed ? nullptr : workspace.words.data() + first,
                  .previous_state = previous,
                  .state = state,
                  .activations = training ? workspace.activations.data() + ActivationsRow(slice, step) * block
                                          : nullptr},
                 scratch);
    HandOver(cell, slice, step, state, states);
    if (training) {
      previous = state;
      state += slice.active(step) * stride;
    } else {
      std::swap(previous, state);
    }
  }
}

namespace {

// The backward pass over one slice, some time steps (a chunk) at a time, last ones first.
class SliceBackward {
 public:
  SliceBackward(const RecurrentCell& cell, const Slice& slice, const RecurrentInputs& inputs,
                RecurrentWorkspace& workspace, RecurrentScratch& scratch)
      : cell_(cell),
        slice_(slice),
        inputs_(inputs),
        workspace_(workspace),
        scratch_(scratch),
        stride_(cell.stride()) {
    VisitBackwardBuffers(cell, slice, inputs.needs(), workspace, &ReserveBuffer);
    VisitBackwardScratch(cell, slice.rows(), inputs.needs(), scratch, &ReserveBuffer);
    if (inputs.needs().sums_by_word()) workspace.word_gradients.Clear();
    scratch.state_gradient.Clear();
    cell.BeginBackward(scratch);
  }

  void Run(const DirectionStates& gradients, const Cancellation& cancellation) {
    int last = slice_.steps() - 1;
    while (last >= 0) {
      const int first = FirstStepOfChunk(last);
      scratch_.laps.Begin();
      for (int step = last; step >= first; --step) {
        cancellation.Check();
        TakeOver(step, gradients);
        StepBack(step, Begin(step) - Begin(first), Begin(last + 1) - Begin(first));
      }
      cancellation.Check();
      cell_.FinishChunk(inputs_, static_cast<int>(Begin(last + 1) - Begin(first)), Begin(first), workspace_,
                        scratch_);
      last = first - 1;
    }
  }

 private:
  std::ptrdiff_t Begin(int step) const { return slice_.step_begin[static_cast<std::size_t>(step)]; }

  // The rows that are left make chunks of about the same size: a small one would pay as much for the sums.
  int FirstStepOfChunk(int last) const {
    const std::ptrdiff_t left = Begin(last + 1);
    const std::ptrdiff_t chunks = std::max<std::ptrdiff_t>(1, (left + kChunkRows / 2) / kChunkRows);
    int first = last;
    while (first > 0 && chunks * (left - Begin(first)) < left) --first;
    return first;
  }

  // Adds what others want of the states after a step to what the step after it wants. Texts whose last token
  // is at `step` begin their backward pass here, with zeros.
  void TakeOver(int step, const DirectionStates& gradients) {
    const auto add = [this](const Scalar* from, std::ptrdiff_t row) {
      Scalar* to = scratch_.state_gradient.data() + row * stride_;
      for (int j = 0; j < cell_.shape().hidden; ++j) to[j] += from[j];
    };
    if (gradients.last.data != nullptr) {
      ForEachEndingRow(slice_, step,
                       [&](std::ptrdiff_t row) { add(gradients.last.Row(TextOf(slice_, row)), row); });
    }
    if (gradients.tokens.data == nullptr) return;
    for (std::ptrdiff_t row = 0; row < slice_.active(step); ++row) {
      add(gradients.tokens.Row(gradients.TokenRow(slice_, row, step)), row);
    }
  }

  // The states buffer begins with one block of zeros, the state before the first step.
  const Scalar* PreviousStates(int step) const {
    const std::ptrdiff_t row = step == 0 ? 0 : slice_.rows() + Begin(step - 1);
    return workspace_.states.data() + row * stride_;
  }

  void StepBack(int step, std::ptrdiff_t chunk_row, std::ptrdiff_t chunk_rows) {
    const CellLayout& layout = cell_.layout();
    const int rows = slice_.active(step);
    if (inputs_.needs().weights()) {
      cell_.kernels().transpose_to_tiles({.rows = cell_.shape().hidden,
                                          .depth = rows,
                                          .a = PreviousStates(step),
                                          .stride = stride_,
                                          .tiles = scratch_.previous_state_tiles.data(),
                                          .tile_depth = chunk_rows,
                                          .first = chunk_row});
      scratch_.laps.Lap(scratch_.times[Part::kWeightGradients]);
    }
    cell_.Backward(
        {.rows = rows,
         .first = step == 0,
         .chunk_row = chunk_row,
         .activations =
             workspace_.activations.data() + ActivationsRow(slice_, step) * layout.activations * stride_,
         .previous_state = PreviousStates(step),
         .gate_gradients = scratch_.gate_gradients.data() + chunk_row * layout.gate_gradients * stride_},
        workspace_, scratch_);
  }

  const RecurrentCell& cell_;
  const Slice& slice_;
  const RecurrentInputs& inputs_;
  RecurrentWorkspace& workspace_;
  RecurrentScratch& scratch_;
  const std::ptrdiff_t stride_;
};

}  // namespace

void RecurrentBackwardPass(const RecurrentCell& cell, const Slice& slice, const RecurrentInputs& inputs,
                           RecurrentWorkspace& workspace, RecurrentScratch& scratch,
                           const DirectionStates& gradients, const Cancellation& cancellation) {
  SliceBackward(cell, slice, inputs, workspace, scratch).Run(gradients, cancellation);
}

}  // namespace advnative
