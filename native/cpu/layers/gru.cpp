#include "cpu/layers/gru.h"

#include <array>

#include "base/part_timer.h"
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
  const auto [embedding, hidden] = shape();
  visit(forward_recurrent_, GatePanelsSize(kernels(), 3, hidden, hidden));
  visit(forward_input_, GatePanelsSize(kernels(), 3, hidden, embedding));
  visit(forward_bias_, GatePanelsSize(kernels(), 3, hidden, 1));
  visit(candidate_bias_, GatePanelsSize(kernels(), 1, hidden, 1));
  visit(backward_recurrent_, StackedGatesSize(kernels(), kGates.size(), hidden, hidden));
}

void GruCell::PackSteps(const RecurrentTensors<const Scalar>& tensors) {
  const auto [embedding, hidden] = shape();
  PackGatePanels(kernels(), 3, hidden, hidden, tensors.recurrent_weights, forward_recurrent_);
  PackGatePanels(kernels(), 3, hidden, embedding, tensors.input_weights, forward_input_);
  PackGatePanels(kernels(), 3, hidden, 1, tensors.bias, forward_bias_);
  PackGatePanels(kernels(), 1, hidden, 1, tensors.candidate_bias, candidate_bias_);
  PackStackedGates(kernels(), kGates, hidden, hidden, tensors.recurrent_weights, backward_recurrent_);
}

void GruCell::Project(int rows, const Scalar* table, Scalar* projections) const {
  kernels().project_three_gates(ProjectionOf(rows, table, forward_input_, forward_bias_, projections));
}

void GruCell::Forward(const ForwardStep& step, RecurrentWorkspace&) const {
  kernels().gru_forward_step({.operands = Operands(step),
                              .recurrent_weights = forward_recurrent_.data(),
                              .input_weights = forward_input_.data(),
                              .bias = forward_bias_.data(),
                              .candidate_bias = candidate_bias_.data(),
                              .activations = step.activations});
}

void GruCell::Backward(const BackwardStep& step, RecurrentWorkspace& workspace) const {
  {
    const PartTimer timer(workspace.times.backward_gates);
    kernels().gru_backward_gates({.rows = step.rows,
                                  .state_stride = stride(),
                                  .activations = step.activations,
                                  .previous_state = step.previous_state,
                                  .state_gradient = workspace.state_gradient.data(),
                                  .gate_gradients = step.gate_gradients,
                                  .bias_gradient = workspace.bias_gradient.data()});
  }
  if (step.first) return;
  const PartTimer timer(workspace.times.backward_product);
  MultiplyPacked(kernels(), step.rows, shape().hidden, static_cast<int>(3 * stride()),
                 step.gate_gradients + stride(), 4 * stride(), backward_recurrent_.data(),
                 workspace.state_gradient.data(), stride(), Write::kAdd);
}

void GruCell::AddRecurrentProducts(int, RecurrentWorkspace& workspace,
                                   std::vector<TransposedProduct>& products) const {
  const int columns = static_cast<int>(3 * stride());
  products.push_back({.rows = shape().hidden,
                      .tiles = workspace.previous_state_tiles.data(),
                      .first_column = static_cast<int>(stride()),
                      .columns = columns,
                      .c = workspace.recurrent_gradient.data(),
                      .c_row_stride = columns});
}

}  // namespace advnative
