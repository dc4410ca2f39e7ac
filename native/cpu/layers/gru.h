// The GRU with the reset after the recurrent product (cuDNN's and PyTorch's form; Cho et al. 2014 with the
// reset moved): r = σ(Wr·x + Ur·h + br), z = σ(Wz·x + Uz·h + bz), n = tanh(Wn·x + bn + r∘(Un·h + cn)), h' =
// (1 − z)∘n + z∘h. Gate order r, z, n; cn is the candidate bias.
#pragma once

#include "cpu/layers/recurrent_cell.h"

namespace advnative {

template <typename Scalar>
class GruCell final : public RecurrentCell<Scalar> {
 public:
  GruCell(const KernelTable<Scalar>& kernels, RecurrentShape shape);

  void Project(int rows, const Scalar* table, Scalar* projections) const override;
  void Forward(const ForwardStep<Scalar>& step, RecurrentWorkspace<Scalar>& workspace) const override;
  void Backward(const BackwardStep<Scalar>& step, RecurrentWorkspace<Scalar>& workspace) const override;

 private:
  void VisitStepWeights(const BufferVisit<Scalar>& visit) override;
  void PackSteps(const RecurrentTensors<const Scalar>& tensors) override;
  void AddRecurrentProducts(int rows, RecurrentWorkspace<Scalar>& workspace,
                            std::vector<TransposedProduct<Scalar>>& products) const override;

  AlignedBuffer<Scalar> forward_recurrent_;   // [panel][H][3·lanes]
  AlignedBuffer<Scalar> forward_input_;       // [panel][E][3·lanes]
  AlignedBuffer<Scalar> forward_bias_;        // [panel][3·lanes]
  AlignedBuffer<Scalar> candidate_bias_;      // [H*]
  AlignedBuffer<Scalar> backward_recurrent_;  // panels of [3H*][H]: rows r, z, n
};

}  // namespace advnative
