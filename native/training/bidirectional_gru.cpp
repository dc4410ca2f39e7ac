#include "training/bidirectional_gru.h"

namespace advnative {

template <typename Scalar>
BidirectionalGru<Scalar>::BidirectionalGru(const KernelTable<Scalar>& kernels, ThreadPool& pool,
                                           GruShape shape)
    : kernels_(kernels), pool_(pool), shape_(shape) {}

template <typename Scalar>
void BidirectionalGru<Scalar>::Pack(const GruTensors<Scalar> (&directions)[2]) {
  pool_.Run(2, [&](int direction) {
    const GruTensors<Scalar>& from = directions[direction];
    weights_[direction].Pack(kernels_, shape_,
                             {from.input_weights, from.recurrent_weights, from.bias, from.candidate_bias});
  });
}

template <typename Scalar>
void BidirectionalGru<Scalar>::Begin(const std::vector<std::int32_t>& offsets) {
  slices_ = CutIntoSlices(offsets);
  if (workspaces_.size() < 2 * slices_.size()) workspaces_.resize(2 * slices_.size());
}

template <typename Scalar>
void BidirectionalGru<Scalar>::Forward(const EmbeddedBatch<Scalar>& batch, bool keep_activations,
                                       Scalar* final_states, std::ptrdiff_t stride,
                                       const Cancellation& cancellation) {
  pool_.Run(static_cast<int>(2 * slices_.size()), [&](int task) {
    const Slice& slice = slices_[static_cast<std::size_t>(task) / 2];
    const int direction = task % 2;
    GruWorkspace<Scalar>& workspace = Workspace(static_cast<std::size_t>(task) / 2, direction);
    workspace.input.Reserve(static_cast<std::size_t>(slice.tokens() * batch.stride));
    GatherEmbedded(batch, slice, direction == 0 ? Direction::kForward : Direction::kReverse,
                   workspace.input.data());
    GruForwardPass(kernels_, shape_, weights_[direction], slice, workspace, keep_activations,
                   final_states + direction * shape_.hidden, stride, cancellation);
  });
}

template <typename Scalar>
void BidirectionalGru<Scalar>::Backward(const EmbeddedBatch<Scalar>& batch, const Scalar* final_gradient,
                                        std::ptrdiff_t stride, Scalar* embedded_gradient,
                                        const Cancellation& cancellation) {
  pool_.Run(static_cast<int>(2 * slices_.size()), [&](int task) {
    const std::size_t slice = static_cast<std::size_t>(task) / 2;
    const int direction = task % 2;
    GruBackwardPass(kernels_, shape_, weights_[direction], slices_[slice], Workspace(slice, direction),
                    final_gradient + direction * shape_.hidden, stride, cancellation);
  });
  pool_.Run(static_cast<int>(slices_.size()), [&](int task) {
    const auto slice = static_cast<std::size_t>(task);
    CollectEmbeddedGradient(batch, slices_[slice], Workspace(slice, 0).input_gradient.data(),
                            Workspace(slice, 1).input_gradient.data(), embedded_gradient);
  });
}

template <typename Scalar>
void BidirectionalGru<Scalar>::ClearGradients() {
  for (std::size_t i = 0; i < 2 * slices_.size(); ++i) workspaces_[i].ClearGradients(kernels_, shape_);
}

template <typename Scalar>
RecurrentTimes BidirectionalGru<Scalar>::Times() const {
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
void BidirectionalGru<Scalar>::ResetTimes() {
  for (GruWorkspace<Scalar>& workspace : workspaces_) workspace.times = {};
}

template <typename Scalar>
void BidirectionalGru<Scalar>::AddGradients(const GruTensors<Scalar> (&gradients)[2]) {
  pool_.Run(2, [&](int direction) {
    for (std::size_t slice = 0; slice < slices_.size(); ++slice) {
      AddGruGradients(kernels_, shape_, Workspace(slice, direction), gradients[direction]);
    }
  });
}

template class BidirectionalGru<float>;
template class BidirectionalGru<double>;

}  // namespace advnative
