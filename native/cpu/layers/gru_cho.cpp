#include "cpu/layers/gru_cho.h"

#include <algorithm>
#include <array>

#include "cpu/layers/gate_packing.h"
#include "cpu/layers/packing.h"

namespace advnative {

namespace {

constexpr std::array kResetAndUpdate{0, 1};
constexpr std::array kCandidate{2};

struct GruChoScratch final : RecurrentScratch {
  // Of the running step.
  AlignedBuffer<Scalar> reset_state;           // r∘h, [rows][H*]
  AlignedBuffer<Scalar> reset_state_gradient;  // d(r∘h), [rows][H*]
  AlignedBuffer<Scalar> step_activations;      // where no backward pass follows
  // Of a chunk.
  AlignedBuffer<Scalar> reset_states;       // [rows][H*]
  AlignedBuffer<Scalar> reset_state_tiles;  // tiles of the transpose of [rows][H]

  void ForEachBuffer(const BufferVisit& visit) override {
    RecurrentScratch::ForEachBuffer(visit);
    for (AlignedBuffer<Scalar>* buffer :
         {&reset_state, &reset_state_gradient, &step_activations, &reset_states, &reset_state_tiles}) {
      visit(*buffer, buffer->size());
    }
  }
};

GruChoScratch& Own(RecurrentScratch& scratch) { return static_cast<GruChoScratch&>(scratch); }

}  // namespace

// A row of gate gradients is dr̂, dẑ, dn̂: for the input sums all of it, for the recurrent ones with h the
// first two, with r∘h the last.
GruChoCell::GruChoCell(const KernelTable& kernels, RecurrentShape shape)
    : RecurrentCell(kernels, shape, {.input_order = {0, 1, 2}, .gate_gradients = 3, .activations = 3}) {}

void GruChoCell::VisitStepWeights(const BufferVisit& visit) {
  const auto [embedding, hidden] = shape();
  VisitFusedGates(2, gates_, visit);
  visit(candidate_recurrent_, PackedSize(kernels(), hidden, hidden));
  visit(candidate_input_, PackedSize(kernels(), embedding, hidden));
  visit(candidate_bias_, PackedSize(kernels(), 1, hidden));
  visit(backward_gates_, StackedGatesSize(kernels(), kResetAndUpdate.size(), hidden, hidden));
  visit(backward_candidate_, StackedGatesSize(kernels(), kCandidate.size(), hidden, hidden));
}

void GruChoCell::PackSteps(const RecurrentTensors<const Scalar>& tensors) {
  const auto [embedding, hidden] = shape();
  PackFusedGates(2, tensors, gates_);
  const auto pack_candidate = [&](const Scalar* tensor, int columns, AlignedBuffer<Scalar>& to) {
    const ConstMatrix candidate = GatesOf(tensor, 3, columns).Rows(2 * shape().hidden, shape().hidden);
    PackTransposedPanels(kernels(), candidate, to.data());
  };
  pack_candidate(tensors.recurrent_weights, hidden, candidate_recurrent_);
  pack_candidate(tensors.input_weights, embedding, candidate_input_);
  pack_candidate(tensors.bias, 1, candidate_bias_);
  const ConstMatrix recurrent = GatesOf(tensors.recurrent_weights, 3, hidden);
  PackStackedGates(kernels(), kResetAndUpdate, hidden, recurrent, backward_gates_);
  PackStackedGates(kernels(), kCandidate, hidden, recurrent, backward_candidate_);
}

std::unique_ptr<RecurrentScratch> GruChoCell::MakeScratch() const {
  return std::make_unique<GruChoScratch>();
}

void GruChoCell::VisitForwardBuffers(int rows, RecurrentScratch& scratch, const BufferVisit& visit) const {
  GruChoScratch& own = Own(scratch);
  visit(own.reset_state, Size(rows, stride()));
  visit(own.step_activations, Size(rows, 3 * stride()));
}

void GruChoCell::VisitBackwardBuffers(int rows, int chunk_rows, RecurrentScratch& scratch,
                                      const BufferVisit& visit) const {
  GruChoScratch& own = Own(scratch);
  visit(own.reset_state_gradient, Size(rows, stride()));
  visit(own.reset_states, Size(chunk_rows, stride()));
  visit(own.reset_state_tiles, Size(chunk_rows, shape().hidden));
}

// A row of projections begins with those of r and z, [panel][2·lanes]; those of n, [H*], follow.
void GruChoCell::Project(ConstMatrix table, Scalar* projections) const {
  kernels().project_two_gates(ProjectionOf(table, gates_, projections));
  const Matrix rows = DenseMatrix(projections, table.rows, 3 * static_cast<int>(stride()));
  const Matrix candidate = rows.Columns(2 * static_cast<int>(stride()), shape().hidden);
  for (int row = 0; row < table.rows; ++row) {
    std::copy_n(candidate_bias_.data(), stride(), candidate.Row(row));
  }
  MultiplyPacked(kernels(), table, candidate_input_.data(), candidate, Write::kAdd);
}

void GruChoCell::Forward(const ForwardStep& step, RecurrentScratch& scratch) const {
  GruChoScratch& own = Own(scratch);
  // The candidate's product reads z of the gates' product, kept or not.
  Scalar* activations = step.activations != nullptr ? step.activations : own.step_activations.data();
  kernels().gru_cho_forward_step({.operands = Operands(step),
                                  .gate_recurrent_weights = gates_.recurrent.data(),
                                  .gate_input_weights = gates_.input.data(),
                                  .gate_bias = gates_.bias.data(),
                                  .candidate_recurrent_weights = candidate_recurrent_.data(),
                                  .candidate_input_weights = candidate_input_.data(),
                                  .candidate_bias = candidate_bias_.data(),
                                  .reset_state = own.reset_state.data(),
                                  .activations = activations});
}

void GruChoCell::Backward(const BackwardStep& step, RecurrentWorkspace& workspace,
                          RecurrentScratch& scratch) const {
  GruChoScratch& own = Own(scratch);
  PartTimes& times = scratch.times;
  const GruChoBackwardGates gates{.rows = step.rows,
                                  .state_stride = stride(),
                                  .activations = step.activations,
                                  .previous_state = step.previous_state,
                                  .reset_state_gradient = own.reset_state_gradient.data(),
                                  .state_gradient = scratch.state_gradient.data(),
                                  .gate_gradients = step.gate_gradients,
                                  .bias_gradient = workspace.bias_gradient.data(),
                                  .reset_state = own.reset_states.data() + step.chunk_row * stride()};
  kernels().gru_cho_backward_candidate(gates);
  scratch.laps.Lap(times[Part::kBackwardGates]);
  MultiplyPacked(kernels(), GateGradients(step, 2, 1), backward_candidate_.data(),
                 OfStep(step, own.reset_state_gradient), Write::kSet);
  scratch.laps.Lap(times[Part::kBackwardProduct]);
  kernels().gru_cho_backward_reset(gates);
  scratch.laps.Lap(times[Part::kBackwardGates]);
  if (step.first) return;
  MultiplyPacked(kernels(), GateGradients(step, 0, 2), backward_gates_.data(),
                 OfStep(step, scratch.state_gradient), Write::kAdd);
  scratch.laps.Lap(times[Part::kBackwardProduct]);
}

void GruChoCell::AddRecurrentProducts(int rows, RecurrentWorkspace& workspace, RecurrentScratch& scratch,
                                      std::vector<TransposedProduct>& products) const {
  GruChoScratch& own = Own(scratch);
  const int hidden = shape().hidden;
  kernels().transpose_to_tiles({.rows = hidden,
                                .depth = rows,
                                .a = own.reset_states.data(),
                                .stride = stride(),
                                .tiles = own.reset_state_tiles.data(),
                                .tile_depth = rows,
                                .first = 0});
  products.push_back(StateProduct(scratch.previous_state_tiles, 0, 2, 0, workspace));
  products.push_back(StateProduct(own.reset_state_tiles, 2, 1, 2, workspace));
}

}  // namespace advnative
