#include "cpu/layers/lstm.h"

#include <array>

#include "cpu/layers/gate_packing.h"
#include "cpu/layers/packing.h"

namespace advnative {

namespace {

constexpr std::array kGates{0, 1, 2, 3};

// What is carried from step to step beside the state, [rows][H*].
struct LstmScratch final : RecurrentScratch {
  AlignedBuffer<Scalar> cell_state;           // c
  AlignedBuffer<Scalar> cell_state_gradient;  // dc

  void ForEachBuffer(const BufferVisit& visit) override {
    RecurrentScratch::ForEachBuffer(visit);
    visit(cell_state, cell_state.size());
    visit(cell_state_gradient, cell_state_gradient.size());
  }
};

LstmScratch& Own(RecurrentScratch& scratch) { return static_cast<LstmScratch&>(scratch); }

}  // namespace

// A row of gate gradients is dî, df̂, dĝ, dô, for the input sums and the recurrent ones alike.
LstmCell::LstmCell(const KernelTable& kernels, RecurrentShape shape)
    : RecurrentCell(kernels, shape,
                    {.input_order = {kGates.begin(), kGates.end()}, .gate_gradients = 4, .activations = 5}) {}

void LstmCell::VisitStepWeights(const BufferVisit& visit) {
  const int hidden = shape().hidden;
  VisitFusedGates(4, forward_, visit);
  visit(backward_recurrent_, StackedGatesSize(kernels(), kGates.size(), hidden, hidden));
}

void LstmCell::PackSteps(const RecurrentTensors<const Scalar>& tensors) {
  const int hidden = shape().hidden;
  PackFusedGates(4, tensors, forward_);
  PackStackedGates(kernels(), kGates, hidden, GatesOf(tensors.recurrent_weights, 4, hidden),
                   backward_recurrent_);
}

std::unique_ptr<RecurrentScratch> LstmCell::MakeScratch() const { return std::make_unique<LstmScratch>(); }

void LstmCell::VisitForwardBuffers(int rows, RecurrentScratch& scratch, const BufferVisit& visit) const {
  visit(Own(scratch).cell_state, Size(rows, stride()));
}

void LstmCell::VisitBackwardBuffers(int rows, int, RecurrentScratch& scratch,
                                    const BufferVisit& visit) const {
  visit(Own(scratch).cell_state_gradient, Size(rows, stride()));
}

void LstmCell::BeginForward(RecurrentScratch& scratch) const { Own(scratch).cell_state.Clear(); }

void LstmCell::BeginBackward(RecurrentScratch& scratch) const { Own(scratch).cell_state_gradient.Clear(); }

void LstmCell::Project(ConstMatrix table, Scalar* projections) const {
  kernels().project_four_gates(ProjectionOf(table, forward_, projections));
}

void LstmCell::Forward(const ForwardStep& step, RecurrentScratch& scratch) const {
  kernels().lstm_forward_step({.operands = Operands(step),
                               .recurrent_weights = forward_.recurrent.data(),
                               .input_weights = forward_.input.data(),
                               .bias = forward_.bias.data(),
                               .cell_state = Own(scratch).cell_state.data(),
                               .activations = step.activations});
}

void LstmCell::Backward(const BackwardStep& step, RecurrentWorkspace& workspace,
                        RecurrentScratch& scratch) const {
  kernels().lstm_backward_gates({.rows = step.rows,
                                 .state_stride = stride(),
                                 .activations = step.activations,
                                 .state_gradient = scratch.state_gradient.data(),
                                 .cell_state_gradient = Own(scratch).cell_state_gradient.data(),
                                 .gate_gradients = step.gate_gradients,
                                 .bias_gradient = workspace.bias_gradient.data()});
  scratch.laps.Lap(scratch.times[Part::kBackwardGates]);
  if (step.first) return;
  // Through the state alone: what reaches c has its own way back.
  MultiplyPacked(kernels(), GateGradients(step, 0, 4), backward_recurrent_.data(),
                 OfStep(step, scratch.state_gradient), Write::kSet);
  scratch.laps.Lap(scratch.times[Part::kBackwardProduct]);
}

void LstmCell::AddRecurrentProducts(int, RecurrentWorkspace& workspace, RecurrentScratch& scratch,
                                    std::vector<TransposedProduct>& products) const {
  products.push_back(StateProduct(scratch.previous_state_tiles, 0, 4, 0, workspace));
}

}  // namespace advnative
