#include "cpu/layers/lstm.h"

#include <array>

#include "base/part_timer.h"
#include "cpu/layers/gate_packing.h"
#include "cpu/layers/packing.h"

namespace advnative {

namespace {

constexpr std::array kGates{0, 1, 2, 3};

}  // namespace

// A row of gate gradients is dî, df̂, dĝ, dô, for the input sums and the recurrent ones alike.
template <typename Scalar>
LstmCell<Scalar>::LstmCell(const KernelTable<Scalar>& kernels, RecurrentShape shape)
    : RecurrentCell<Scalar>(
          kernels, shape,
          {.input_order = {kGates.begin(), kGates.end()}, .gate_gradients = 4, .activations = 5}) {}

template <typename Scalar>
void LstmCell<Scalar>::VisitStepWeights(const BufferVisit<Scalar>& visit) {
  const KernelTable<Scalar>& kernels = this->kernels();
  const auto [embedding, hidden] = this->shape();
  visit(forward_recurrent_, GatePanelsSize(kernels, 4, hidden, hidden));
  visit(forward_input_, GatePanelsSize(kernels, 4, hidden, embedding));
  visit(forward_bias_, GatePanelsSize(kernels, 4, hidden, 1));
  visit(backward_recurrent_, StackedGatesSize(kernels, kGates.size(), hidden, hidden));
}

template <typename Scalar>
void LstmCell<Scalar>::PackSteps(const RecurrentTensors<const Scalar>& tensors) {
  const KernelTable<Scalar>& kernels = this->kernels();
  const auto [embedding, hidden] = this->shape();
  PackGatePanels(kernels, 4, hidden, hidden, tensors.recurrent_weights, forward_recurrent_);
  PackGatePanels(kernels, 4, hidden, embedding, tensors.input_weights, forward_input_);
  PackGatePanels(kernels, 4, hidden, 1, tensors.bias, forward_bias_);
  PackStackedGates<Scalar>(kernels, kGates, hidden, hidden, tensors.recurrent_weights, backward_recurrent_);
}

template <typename Scalar>
void LstmCell<Scalar>::VisitForwardBuffers(int rows, RecurrentWorkspace<Scalar>& workspace,
                                           const BufferVisit<Scalar>& visit) const {
  visit(workspace.cell_state, Size(rows, this->stride()));
}

template <typename Scalar>
void LstmCell<Scalar>::VisitBackwardBuffers(int rows, int, RecurrentWorkspace<Scalar>& workspace,
                                            const BufferVisit<Scalar>& visit) const {
  visit(workspace.cell_state_gradient, Size(rows, this->stride()));
}

template <typename Scalar>
void LstmCell<Scalar>::BeginForward(RecurrentWorkspace<Scalar>& workspace) const {
  workspace.cell_state.Clear();
}

template <typename Scalar>
void LstmCell<Scalar>::BeginBackward(RecurrentWorkspace<Scalar>& workspace) const {
  workspace.cell_state_gradient.Clear();
}

template <typename Scalar>
void LstmCell<Scalar>::Project(int rows, const Scalar* table, Scalar* projections) const {
  this->kernels().project_four_gates(
      this->ProjectionOf(rows, table, forward_input_, forward_bias_, projections));
}

template <typename Scalar>
void LstmCell<Scalar>::Forward(const ForwardStep<Scalar>& step, RecurrentWorkspace<Scalar>& workspace) const {
  this->kernels().lstm_forward_step({.operands = this->Operands(step),
                                     .recurrent_weights = forward_recurrent_.data(),
                                     .input_weights = forward_input_.data(),
                                     .bias = forward_bias_.data(),
                                     .cell_state = workspace.cell_state.data(),
                                     .activations = step.activations});
}

template <typename Scalar>
void LstmCell<Scalar>::Backward(const BackwardStep<Scalar>& step,
                                RecurrentWorkspace<Scalar>& workspace) const {
  const std::ptrdiff_t stride = this->stride();
  {
    const PartTimer timer(workspace.times.backward_gates);
    this->kernels().lstm_backward_gates({.rows = step.rows,
                                         .state_stride = stride,
                                         .activations = step.activations,
                                         .state_gradient = workspace.state_gradient.data(),
                                         .cell_state_gradient = workspace.cell_state_gradient.data(),
                                         .gate_gradients = step.gate_gradients,
                                         .bias_gradient = workspace.bias_gradient.data()});
  }
  if (step.first) return;
  const PartTimer timer(workspace.times.backward_product);
  // Through the state alone: what reaches c has its own way back.
  MultiplyPacked(this->kernels(), step.rows, this->shape().hidden, static_cast<int>(4 * stride),
                 step.gate_gradients, 4 * stride, backward_recurrent_.data(), workspace.state_gradient.data(),
                 stride, false);
}

template <typename Scalar>
void LstmCell<Scalar>::AddRecurrentProducts(int, RecurrentWorkspace<Scalar>& workspace,
                                            std::vector<TransposedProduct<Scalar>>& products) const {
  const int columns = static_cast<int>(4 * this->stride());
  products.push_back({.rows = this->shape().hidden,
                      .tiles = workspace.previous_state_tiles.data(),
                      .first_column = 0,
                      .columns = columns,
                      .c = workspace.recurrent_gradient.data(),
                      .c_row_stride = columns});
}

template class LstmCell<float>;
template class LstmCell<double>;

}  // namespace advnative
