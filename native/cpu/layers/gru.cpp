#include "cpu/layers/gru.h"

#include <array>

#include "cpu/layers/gate_packing.h"
#include "cpu/layers/packing.h"

namespace advnative {

namespace {

constexpr std::array kGates{0, 1, 2};

}  // namespace

// A row of gate gradients is dn̂, dr̂, dẑ, dq: its first three are those of the input sums, its last three
// those of the recurrent ones.
GruCell::GruCell(const KernelTable& kernels, RecurrentShape shape)
    : RecurrentCell(kernels, shape, {.input_order = {2, 0, 1}, .gate_gradients = 4, .activations = 4}) {}

void GruCell::VisitStepWeights(const BufferVisit& visit) {
  const int hidden = shape().hidden;
  VisitFusedGates(3, forward_, visit);
  visit(candidate_bias_, GatePanelsSize(kernels(), 1, hidden, 1));
  visit(backward_recurrent_, StackedGatesSize(kernels(), kGates.size(), hidden, hidden));
}

void GruCell::PackSteps(const RecurrentTensors<const Scalar>& tensors) {
  const int hidden = shape().hidden;
  PackFusedGates(3, tensors, forward_);
  PackGatePanels(kernels(), hidden, GatesOf(tensors.candidate_bias, 1, 1), candidate_bias_);
  PackStackedGates(kernels(), kGates, hidden, GatesOf(tensors.recurrent_weights, 3, hidden),
                   backward_recurrent_);
}

void GruCell::Project(ConstMatrix table, Scalar* projections) const {
  kernels().project_three_gates(ProjectionOf(table, forward_, projections));
}

void GruCell::Forward(const ForwardStep& step, RecurrentScratch&) const {
  kernels().gru_forward_step({.operands = Operands(step),
                              .recurrent_weights = forward_.recurrent.data(),
                              .input_weights = forward_.input.data(),
                              .bias = forward_.bias.data(),
                              .candidate_bias = candidate_bias_.data(),
                              .activations = step.activations});
}

void GruCell::Backward(const BackwardStep& step, RecurrentWorkspace& workspace,
                       RecurrentScratch& scratch) const {
  kernels().gru_backward_gates({.rows = step.rows,
                                .state_stride = stride(),
                                .activations = step.activations,
                                .previous_state = step.previous_state,
                                .state_gradient = scratch.state_gradient.data(),
                                .gate_gradients = step.gate_gradients,
                                .bias_gradient = workspace.bias_gradient.data()});
  scratch.laps.Lap(scratch.times[Part::kBackwardGates]);
  if (step.first) return;
  MultiplyPacked(kernels(), GateGradients(step, 1, 3), backward_recurrent_.data(),
                 OfStep(step, scratch.state_gradient), Write::kAdd);
  scratch.laps.Lap(scratch.times[Part::kBackwardProduct]);
}

void GruCell::AddRecurrentProducts(int, RecurrentWorkspace& workspace, RecurrentScratch& scratch,
                                   std::vector<TransposedProduct>& products) const {
  products.push_back(StateProduct(scratch.previous_state_tiles, 1, 3, 0, workspace));
}

}  // namespace advnative
