// What a recurrent cell is to the layer that runs it through time: the weights of one direction in the
// kernels' order, one time step forward and back, and the gradients of the weights.
//
// Dimension letters: E embedding, H hidden, G gates; H* and E* are rounded up to whole vectors.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/buffer_count.h"
#include "base/cancellation.h"
#include "base/matrix_view.h"
#include "base/part_timer.h"
#include "cpu/kernels/kernel_table.h"
#include "cpu/layers/pass_kind.h"
#include "cpu/part_times.h"
#include "model/cell_type.h"
#include "model/parameters.h"

namespace advnative {

// Words whose sums are finished at once: few enough that they stay in the caches from one call to the next.
inline constexpr int kWordBlock = 256;

struct RecurrentShape {
  int embedding;
  int hidden;
};

// What the backward pass of one direction gives: gradients of its weights, and of its inputs either those of
// the table's rows (from sums by word) or those of every token (the workspace's input_gradient).
enum class DirectionGradients { kWeightsAndTable, kWeightsAndTokens, kTokens };

// What of a pass decides which buffers it uses: see RecurrentInputs.
struct RecurrentNeeds {
  int vocabulary;  // V
  InputSums input_sums;
  DirectionGradients gradients;

  bool weights() const { return gradients != DirectionGradients::kTokens; }
  bool tokens() const { return gradients != DirectionGradients::kWeightsAndTable; }
  bool sums_by_word() const { return weights() && (input_sums == InputSums::kLookedUp || !tokens()); }
};

// What a pass reads, and what is asked of its way back.
//
// Inputs that are rows of a table as they stand (no perturbation, no mask) have input sums that depend on the
// word alone, so they are looked up in `projections` and the bits stay the same. On the way back the gates'
// gradients can be summed by word first: when all slices are done, the gradient of the input weights, linear
// in them, takes one small product where the inputs were the table's rows, and the gradient of the table
// another, perturbed or not, because Δ is a constant. A table with too many rows for that to pay goes the way
// over the tokens.
struct RecurrentInputs {
  ConstMatrix table;  // [V][E]
  InputSums input_sums;
  const Scalar* projections;  // [V][GH*] of RecurrentCell::Project, where input sums are looked up
  DirectionGradients gradients;

  RecurrentNeeds needs() const { return {table.rows, input_sums, gradients}; }
};

// A sum over the passes of a step. The first product that is added to it sets it, so nobody has to clear it.
struct GatheredSum {
  AlignedBuffer<Scalar> values;
  bool empty = true;

  Write write() const { return empty ? Write::kSet : Write::kAdd; }
};

// What one direction keeps of one slice from its forward pass on, and the gradients it gathers.
struct RecurrentWorkspace {
  // Every buffer, with the size it has.
  void ForEachBuffer(const BufferVisit& visit) {
    for (AlignedBuffer<Scalar>* buffer :
         {&input, &input_gradient, &states, &activations, &recurrent_gradient.values,
          &weights_gradient.values, &bias_gradient, &word_gradients}) {
      visit(*buffer, buffer->size());
    }
  }

  AlignedBuffer<Scalar> input;           // [tokens][E*], in the direction's own order; the caller fills it,
  std::vector<std::int32_t> words;       // [tokens], or this where input sums or gradients go by word
  AlignedBuffer<Scalar> input_gradient;  // [tokens][E*]
  AlignedBuffer<Scalar> states;          // [rows + tokens][H*]: zeros, then every state
  AlignedBuffer<Scalar> activations;     // a block [panel][rows][…·lanes] a time step, the last step first

  // Gradients in kernel order, added to by every backward pass until cleared.
  GatheredSum recurrent_gradient;       // [H][GH*], columns in gate order
  GatheredSum weights_gradient;         // [E][GH*], columns in CellLayout's order
  AlignedBuffer<Scalar> bias_gradient;  // as a row of gate gradients

  // Of one backward pass, where they are summed by word: [V][GH*], columns in CellLayout's order.
  AlignedBuffer<Scalar> word_gradients;
};

// What a pass needs while it runs, whatever the cell. A thread uses the same for every slice it takes, so
// that it stays in the caches. A cell that needs more derives from it: see RecurrentCell::MakeScratch.
struct RecurrentScratch {
  RecurrentScratch() = default;
  virtual ~RecurrentScratch() = default;
  RecurrentScratch(const RecurrentScratch&) = delete;
  RecurrentScratch& operator=(const RecurrentScratch&) = delete;

  // Every buffer, with the size it has.
  virtual void ForEachBuffer(const BufferVisit& visit) {
    for (AlignedBuffer<Scalar>* buffer :
         {&state_gradient, &gate_gradients, &previous_state_tiles, &input_tiles, &word_block}) {
      visit(*buffer, buffer->size());
    }
  }

  AlignedBuffer<Scalar> state_gradient;  // [rows][H*], of the time step that the backward pass is at

  // Rows of some time steps at once (a chunk), enough of them for a tall product.
  AlignedBuffer<Scalar> gate_gradients;        // see CellLayout
  AlignedBuffer<Scalar> previous_state_tiles;  // tiles of the transpose of [rows][H]
  AlignedBuffer<Scalar> input_tiles;           // of [rows][E]

  AlignedBuffer<Scalar> word_block;  // [kWordBlock] rows of the table or its gradient

  LapTimer laps;    // of the time steps of a backward pass, begun with each chunk
  PartTimes times;  // of everything since they were reset
};

// What a cell keeps and passes back, in vectors of H*.
struct CellLayout {
  // The gates in the order in which a row of gate gradients begins: those of the input sums, [GH*].
  std::vector<int> input_order;
  int gate_gradients;  // of a row, those and what else the cell's products back need
  int activations;     // of a row, kept for the backward pass
};

// One time step of the forward pass. Row i belongs to the same text at every step.
struct ForwardStep {
  int rows;
  InputSums input_sums;
  const Scalar* input;           // [rows][E*], where input sums are computed
  const Scalar* projections;     // [V][GH*] of Project, where they are looked up
  const std::int32_t* words;     // [rows], likewise
  const Scalar* previous_state;  // [rows][H*]
  Scalar* state;                 // [rows][H*], written
  Scalar* activations;  // [panel][rows][activations·lanes], written; null when no backward pass follows
};

// The same time step of the backward pass. The scratch's state gradient is that of the state after it and
// becomes that of the state before it.
struct BackwardStep {
  int rows;
  bool first;                // at the first time step nobody asks for the gradient of the state before it
  std::ptrdiff_t chunk_row;  // where the step's rows begin in the chunk
  const Scalar* activations;
  const Scalar* previous_state;  // [rows][H*]
  Scalar* gate_gradients;        // [rows][gate_gradients·H*], written
};

// One direction's cell. The weights change by Pack alone: the rest may run on several threads at once, each
// with a scratch of its own, and with a workspace of its own unless said otherwise.
class RecurrentCell {
 public:
  RecurrentCell(const KernelTable& kernels, RecurrentShape shape, CellLayout layout);
  virtual ~RecurrentCell() = default;
  RecurrentCell(const RecurrentCell&) = delete;
  RecurrentCell& operator=(const RecurrentCell&) = delete;

  // Takes the weights in the kernels' order; to be called after every update.
  void Pack(const RecurrentTensors<const Scalar>& tensors);

  // The input sums of some rows of the embedding table [rows][E], which do not change while weights and table
  // don't, in the cell's own order: projections [rows][GH*].
  virtual void Project(ConstMatrix table, Scalar* projections) const = 0;

  // A scratch for this type of cell: no other may be given to its calls.
  virtual std::unique_ptr<RecurrentScratch> MakeScratch() const {
    return std::make_unique<RecurrentScratch>();
  }
  // The buffers of a scratch that this cell needs beside those that all do, over a slice of `rows` texts. A
  // chunk of the backward pass has at most `chunk_rows` rows.
  virtual void VisitForwardBuffers(int /*rows*/, RecurrentScratch& /*scratch*/,
                                   const BufferVisit& /*visit*/) const {}
  virtual void VisitBackwardBuffers(int /*rows*/, int /*chunk_rows*/, RecurrentScratch& /*scratch*/,
                                    const BufferVisit& /*visit*/) const {}
  // Before the first step of a pass, with room made: what the cell carries starts at zero.
  virtual void BeginForward(RecurrentScratch& /*scratch*/) const {}
  virtual void BeginBackward(RecurrentScratch& /*scratch*/) const {}

  virtual void Forward(const ForwardStep& step, RecurrentScratch& scratch) const = 0;
  virtual void Backward(const BackwardStep& step, RecurrentWorkspace& workspace,
                        RecurrentScratch& scratch) const = 0;

  // Adds what `rows` rows of the scratch's chunk give to the gradients of the weights and of their inputs,
  // of which `first_token` is the first, as `inputs` asks. The chunk's previous states lie in their tiles.
  void FinishChunk(const RecurrentInputs& inputs, int rows, std::ptrdiff_t first_token,
                   RecurrentWorkspace& workspace, RecurrentScratch& scratch) const;
  // After the last slice, where gradients are summed by word: the three calls below, of which each may run on
  // several threads at once over the same workspaces.
  //
  // Adds the sums of all slices, one after another, to those of the first, for `count` words from `first` on.
  void AddWords(std::span<RecurrentWorkspace* const> slices, int first, int count,
                RecurrentScratch& scratch) const;
  // Adds what these sums give to the table's gradient [V][E], for at most kWordBlock words.
  void AddTableGradient(const RecurrentWorkspace& sums, int first, int count, RecurrentScratch& scratch,
                        Matrix table_gradient) const;
  // Adds what the sums of the words of `table` give to their workspace's gradient of the input weights: share
  // `part` of `parts` of its columns, which does not count as gathered before the caller says so. Throws
  // kCancelled.
  void AddWordProducts(ConstMatrix table, RecurrentWorkspace& sums, int part, int parts,
                       RecurrentScratch& scratch, const Cancellation& cancellation) const;

  // The buffers of the packed weights.
  void VisitWeights(const BufferVisit& visit);
  // Those of the gradients that a workspace gathers.
  void VisitGradients(RecurrentWorkspace& workspace, const BufferVisit& visit) const;

  // Forgets the gradients that a workspace has gathered.
  void ClearGradients(RecurrentWorkspace& workspace) const;
  // Multiplies them.
  void ScaleGradients(Scalar factor, RecurrentWorkspace& workspace) const;
  // Adds those of all other slices, one after another, to those of the first, as they lie in memory: share
  // `part` of `parts`. What no slice but the first has gathered stays as it is.
  void AddGathered(std::span<RecurrentWorkspace* const> slices, int part, int parts) const;
  // Adds them to the tensors' own layout: share `part` of `parts` of the hidden units.
  void AddGradients(const RecurrentWorkspace& workspace, int part, int parts,
                    const RecurrentTensors<Scalar>& gradients) const;

  const KernelTable& kernels() const { return kernels_; }
  const RecurrentShape& shape() const { return shape_; }
  const CellLayout& layout() const { return layout_; }
  int gates() const { return static_cast<int>(layout_.input_order.size()); }
  std::ptrdiff_t stride() const { return stride_; }
  std::ptrdiff_t input_stride() const { return input_stride_; }

 protected:
  // What every cell's kernel of a forward step takes.
  ForwardStepOperands Operands(const ForwardStep& step) const {
    return {.rows = step.rows,
            .hidden = shape_.hidden,
            .embedding = shape_.embedding,
            .input_sums = step.input_sums,
            .input = step.input,
            .input_stride = input_stride_,
            .projections = step.projections,
            .projection_stride = gates() * stride_,
            .words = step.words,
            .previous_state = step.previous_state,
            .state = step.state,
            .state_stride = stride_};
  }
  // What the kernels of a step read of a cell's first gates, which share their tiles.
  struct FusedGates {
    AlignedBuffer<Scalar> recurrent;  // [panel][H][gates·lanes]
    AlignedBuffer<Scalar> input;      // [panel][E][gates·lanes]
    AlignedBuffer<Scalar> bias;       // [panel][gates·lanes]
  };
  void VisitFusedGates(int gates, FusedGates& packed, const BufferVisit& visit) const;
  void PackFusedGates(int gates, const RecurrentTensors<const Scalar>& tensors, FusedGates& packed) const;
  // `gates` gates of a tensor of gates, from its beginning on: [gates·H][columns].
  ConstMatrix GatesOf(const Scalar* tensor, int gates, int columns) const {
    return DenseMatrix(tensor, gates * shape_.hidden, columns);
  }

  // What every cell's kernel of a projection takes.
  Projection ProjectionOf(ConstMatrix table, const FusedGates& packed, Scalar* projections) const {
    return {.rows = table.rows,
            .hidden = shape_.hidden,
            .embedding = shape_.embedding,
            .input = table.data,
            .input_stride = table.stride,
            .input_weights = packed.input.data(),
            .bias = packed.bias.data(),
            .projections = projections,
            .projection_stride = gates() * stride_};
  }

  // `count` gates of the gate gradients of a step, from the first of a row on: [rows][count·H*].
  ConstMatrix GateGradients(const BackwardStep& step, int first, int count) const {
    return {step.gate_gradients + first * stride_, step.rows, count * static_cast<int>(stride_),
            layout_.gate_gradients * stride_};
  }
  // One of [rows][H*] of a running step, with its H columns.
  Matrix OfStep(const BackwardStep& step, AlignedBuffer<Scalar>& states) const {
    return {states.data(), step.rows, shape_.hidden, stride_};
  }
  // A product of the chunk's states [rows][H], which lie in tiles, with `count` gates of its gate gradients,
  // from `first` of a row on. It is added to the gradient of the recurrent weights, from gate `to` on.
  TransposedProduct StateProduct(const AlignedBuffer<Scalar>& state_tiles, int first, int count, int to,
                                 RecurrentWorkspace& workspace) const;

  // What the cell's own steps read, and packing it into buffers that are zero.
  virtual void VisitStepWeights(const BufferVisit& visit) = 0;
  virtual void PackSteps(const RecurrentTensors<const Scalar>& tensors) = 0;
  // The products of `rows` rows of the chunk with their gate gradients that the gradient of the recurrent
  // weights is made of, added to `products`.
  virtual void AddRecurrentProducts(int rows, RecurrentWorkspace& workspace, RecurrentScratch& scratch,
                                    std::vector<TransposedProduct>& products) const = 0;

 private:
  const KernelTable& kernels_;
  const RecurrentShape shape_;
  const CellLayout layout_;
  const std::ptrdiff_t stride_;         // H*
  const std::ptrdiff_t input_stride_;   // E*
  AlignedBuffer<Scalar> input_panels_;  // panels of [GH*][E], rows in the layout's order
};

// A cell of the given type.
std::unique_ptr<RecurrentCell> CreateCell(CellType type, const KernelTable& kernels, RecurrentShape shape);

}  // namespace advnative
