// One direction of a recurrent layer over one slice: the loop through time, whatever the cell.
//
// Dimension letters: B batch, E embedding, H hidden; H* and E* are rounded up to whole vectors.
#pragma once

#include "base/cancellation.h"
#include "cpu/layers/recurrent_cell.h"
#include "model/slices.h"

namespace advnative {

// The buffers of a workspace that a pass over a slice uses, but for its input, and those of a scratch: the
// passes make room by these lists.
void VisitForwardBuffers(const RecurrentCell& cell, const Slice& slice, PassKind kind,
                         RecurrentWorkspace& workspace, const BufferVisit& visit);
void VisitBackwardBuffers(const RecurrentCell& cell, const Slice& slice, const RecurrentNeeds& needs,
                          RecurrentWorkspace& workspace, const BufferVisit& visit);
void VisitBackwardScratch(const RecurrentCell& cell, int rows, const RecurrentNeeds& needs,
                          RecurrentScratch& scratch, const BufferVisit& visit);

// One direction's states, or their gradients, in matrices of the whole batch; a matrix that nobody asks for
// has no data.
struct DirectionStates {
  Matrix last;    // [B][H], after the last token that the direction reads of each text
  Matrix tokens;  // [N][H], after every token, text after text
  const std::vector<std::int32_t>& offsets;  // of the texts in `tokens`
  Direction direction;

  // The row of the token that a row of a slice has at `step`.
  std::ptrdiff_t TokenRow(const Slice& slice, std::ptrdiff_t row, int step) const {
    const auto place = static_cast<std::size_t>(row);
    return offsets[static_cast<std::size_t>(slice.texts[place])] +
           TokenPosition(direction, slice.lengths[place], step);
  }
};

// Runs every time step over the workspace's input, or over its words where input sums are looked up, and
// writes the states that are asked for. After a pass of kind kTraining
// the workspace is ready for RecurrentBackwardPass. Throws kCancelled.
void RecurrentForwardPass(const RecurrentCell& cell, const Slice& slice, const RecurrentInputs& inputs,
                          RecurrentWorkspace& workspace, RecurrentScratch& scratch, PassKind kind,
                          const DirectionStates& states, const Cancellation& cancellation);

// From the gradients of the states that were asked for to the gradients of weights (added) and of inputs
// (written), as `inputs` asks, and where its needs are so to sums by word, of which RecurrentCell makes the
// rest once all slices are done. The forward pass must have had the same input sums. Throws kCancelled.
void RecurrentBackwardPass(const RecurrentCell& cell, const Slice& slice, const RecurrentInputs& inputs,
                           RecurrentWorkspace& workspace, RecurrentScratch& scratch,
                           const DirectionStates& gradients, const Cancellation& cancellation);

}  // namespace advnative
