#include "training/bidirectional_layer.h"

#include "layers/recurrent.h"

namespace advnative {

template <typename Scalar>
BidirectionalLayer<Scalar>::BidirectionalLayer(const KernelTable<Scalar>& kernels, ThreadPool& pool,
                                               CellType cell, RecurrentShape shape)
    : pool_(pool), cells_{CreateCell(cell, kernels, shape), CreateCell(cell, kernels, shape)} {}

template <typename Scalar>
void BidirectionalLayer<Scalar>::Pack(const RecurrentTensors<Scalar> (&directions)[2]) {
  pool_.Run(2, [&](int direction) {
    const RecurrentTensors<Scalar>& from = directions[direction];
    cells_[direction]->Pack({from.input_weights, from.recurrent_weights, from.bias, from.candidate_bias});
  });
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::Begin(const std::vector<std::int32_t>& offsets) {
  slices_ = CutIntoSlices(offsets);
  if (workspaces_.size() < 2 * slices_.size()) workspaces_.resize(2 * slices_.size());
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::Forward(const EmbeddedBatch<Scalar>& batch, bool keep_activations,
                                         Scalar* final_states, std::ptrdiff_t stride,
                                         const Cancellation& cancellation) {
  pool_.Run(static_cast<int>(2 * slices_.size()), [&](int task) {
    const Slice& slice = slices_[static_cast<std::size_t>(task) / 2];
    const int direction = task % 2;
    RecurrentWorkspace<Scalar>& workspace = Workspace(static_cast<std::size_t>(task) / 2, direction);
    workspace.input.Reserve(static_cast<std::size_t>(slice.tokens() * batch.stride));
    GatherEmbedded(batch, slice, direction == 0 ? Direction::kForward : Direction::kReverse,
                   workspace.input.data());
    const RecurrentCell<Scalar>& cell = *cells_[direction];
    RecurrentForwardPass(cell, slice, workspace, keep_activations,
                         final_states + direction * cell.shape().hidden, stride, cancellation);
  });
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::Backward(const EmbeddedBatch<Scalar>& batch, const Scalar* final_gradient,
                                          std::ptrdiff_t stride, Scalar* embedded_gradient,
                                          const Cancellation& cancellation) {
  pool_.Run(static_cast<int>(2 * slices_.size()), [&](int task) {
    const std::size_t slice = static_cast<std::size_t>(task) / 2;
    const int direction = task % 2;
    const RecurrentCell<Scalar>& cell = *cells_[direction];
    RecurrentBackwardPass(cell, slices_[slice], Workspace(slice, direction),
                          final_gradient + direction * cell.shape().hidden, stride, cancellation);
  });
  pool_.Run(static_cast<int>(slices_.size()), [&](int task) {
    const auto slice = static_cast<std::size_t>(task);
    CollectEmbeddedGradient(batch, slices_[slice], Workspace(slice, 0).input_gradient.data(),
                            Workspace(slice, 1).input_gradient.data(), embedded_gradient);
  });
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::ClearGradients() {
  for (std::size_t i = 0; i < 2 * slices_.size(); ++i) cells_[i % 2]->ClearGradients(workspaces_[i]);
}

template <typename Scalar>
RecurrentTimes BidirectionalLayer<Scalar>::Times() const {
  RecurrentTimes sum;
  for (std::size_t i = 0; i < 2 * slices_.size(); ++i) {
    const RecurrentTimes& times = workspaces_[i].times;
    sum.forward_steps += times.forward_steps;
    sum.backward_gates += times.backward_gates;
    sum.backward_product += times.backward_product;
    sum.weight_gradients += times.weight_gradients;
    sum.input_gradient += times.input_gradient;
  }
  return sum;
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::ResetTimes() {
  for (RecurrentWorkspace<Scalar>& workspace : workspaces_) workspace.times = {};
}

template <typename Scalar>
void BidirectionalLayer<Scalar>::AddGradients(const RecurrentTensors<Scalar> (&gradients)[2]) {
  pool_.Run(2, [&](int direction) {
    for (std::size_t slice = 0; slice < slices_.size(); ++slice) {
      cells_[direction]->AddGradients(Workspace(slice, direction), gradients[direction]);
    }
  });
}

template class BidirectionalLayer<float>;
template class BidirectionalLayer<double>;

}  // namespace advnative
