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

// Runs every time step over the workspace's input, or over its words where input sums are looked up.
// `final_states` [B][H] receives the state of each text at its own last step. After a pass of kind kTraining
// the workspace is ready for RecurrentBackwardPass. Throws kCancelled.
void RecurrentForwardPass(const RecurrentCell& cell, const Slice& slice, const RecurrentInputs& inputs,
                          RecurrentWorkspace& workspace, RecurrentScratch& scratch, PassKind kind,
                          Matrix final_states, const Cancellation& cancellation);

// From the gradient of the final states [B][H] to the gradients of weights (added) and of inputs (written),
// as `inputs` asks, and where its needs are so to sums by word, of which RecurrentCell makes the rest once
// all slices are done. The forward pass must have had the same input sums. Throws kCancelled.
void RecurrentBackwardPass(const RecurrentCell& cell, const Slice& slice, const RecurrentInputs& inputs,
                           RecurrentWorkspace& workspace, RecurrentScratch& scratch,
                           ConstMatrix final_gradient, const Cancellation& cancellation);

}  // namespace advnative
